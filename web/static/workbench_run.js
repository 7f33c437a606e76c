/* Running a query in the page: one at a time, with the seconds, and Cancel that reaches the engine. */

import { rooted } from "./net.js";

export const LONGEST_ADDRESS = 6000;
const GRACE = 15000;

const name = () => [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("");

/** `limit` is the deadline of the server in seconds. `tell(seconds)` is called while a query runs. */
export function createRunner(address, limit, tell) {
  let running = null;

  async function stop() {
    if (!running) return;
    const { control, id } = running;
    running = null;
    control.abort();
    await fetch(rooted(`/api/queries/${id}`), { method: "DELETE", keepalive: true }).catch(() => {});
  }

  /** Resolves to {page, seconds}, to null when cancelled; rejects when the server does not answer. */
  async function run(parameters) {
    await stop();
    const mine = { control: new AbortController(), id: name() };
    running = mine;
    const started = performance.now();
    const seconds = () => (performance.now() - started) / 1000;
    tell(0);
    const clock = setInterval(() => tell(seconds()), 250);
    const ending = setTimeout(() => mine.control.abort(new DOMException("slow", "TimeoutError")), limit * 1000 + GRACE);
    const long = String(parameters).length > LONGEST_ADDRESS;
    const headers = { Accept: "text/html", "Vehec-Query": mine.id };
    try {
      const answer = await (long
        ? fetch(address, { method: "POST", body: parameters, headers, signal: mine.control.signal })
        : fetch(`${address}?${parameters}`, { headers, signal: mine.control.signal }));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      return { page, seconds: seconds(), ok: answer.ok };
    } catch (error) {
      if (error.name === "AbortError") return null;
      throw error;
    } finally {
      clearInterval(clock);
      clearTimeout(ending);
      if (running === mine) running = null;
    }
  }

  addEventListener("pagehide", stop);
  return { run, stop, running: () => running !== null };
}
