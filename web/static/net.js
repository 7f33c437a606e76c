/* JSON from our own server: one language, a time limit, and errors that name a text of the page. */

const LIMIT = 12000;

export class Trouble extends Error {
  /** `text` is a key of the page's texts: missing, busy, slow, offline or failed; `detail` is what the server said. */
  constructor(text, detail = "") {
    super(text);
    this.text = text;
    this.detail = detail;
  }
}

const TEXTS = { 404: "missing", 429: "busy", 503: "busy", 504: "slow" };

/** What the server answered instead; where it refused the question, it says what to ask instead. */
async function refusal(answer) {
  const refused = answer.status === 400 || answer.status === 413;
  const { detail } = refused ? await answer.json().catch(() => ({})) : {};
  return new Trouble(TEXTS[answer.status] ?? "failed", typeof detail === "string" ? detail : "");
}

/** A fetch that rejects with Trouble, or with AbortError when `signal` was used. */
export async function fetched(address, options = {}, signal = undefined) {
  const limit = AbortSignal.timeout(LIMIT);
  try {
    const answer = await fetch(address, { ...options, signal: signal ? AbortSignal.any([signal, limit]) : limit });
    if (answer.ok) return answer;
    throw await refusal(answer);
  } catch (error) {
    if (error instanceof Trouble || error.name === "AbortError") throw error;
    if (error.name === "TimeoutError") throw new Trouble("slow");
    throw new Trouble(navigator.onLine ? "failed" : "offline");
  }
}

const ROOT = document.documentElement.dataset.root ?? "";

/** A path of this server with the prefix under which a proxy has it; one that has the prefix stays as it is. */
export const rooted = (path) => (path.startsWith("/") && !`${path}/`.startsWith(`${ROOT}/`) ? ROOT + path : path);

/** The address with the date and the reading of this page, so that what it leads to shows the same. */
export function carried(path) {
  const url = new URL(rooted(path), location.href);
  const here = new URLSearchParams(location.search);
  for (const name of ["as_of", "reading"]) {
    if (here.get(name) && !url.searchParams.has(name)) url.searchParams.set(name, here.get(name));
  }
  return url.pathname + url.search + url.hash;
}

/** `params` as an object are added to what this page carries; as URLSearchParams they are the whole query. */
export function withLang(path, params = {}) {
  const whole = params instanceof URLSearchParams;
  const url = new URL(whole ? `${rooted(path).split("?")[0]}?${params}` : carried(path), location.href);
  if (!whole) for (const [key, value] of Object.entries(params)) url.searchParams.set(key, value);
  url.searchParams.set("lang", document.documentElement.lang);
  return url;
}

/** The body may come late or broken: that is trouble too. */
async function json(address, options, signal) {
  const answer = await fetched(address, options, signal);
  try {
    return await answer.json();
  } catch (error) {
    if (error.name === "AbortError" && signal?.aborted) throw error;
    throw new Trouble(error.name === "TimeoutError" ? "slow" : "failed");
  }
}

/** Resolves to the parsed body; rejects with Trouble, or with AbortError when `signal` was used. */
export const getJson = (path, params = {}, signal = undefined) => (
  json(withLang(path, params), { headers: { Accept: "application/json" } }, signal));

/** The same for a JSON body. */
export const postJson = (path, params, body, signal = undefined) => json(withLang(path, params), {
  method: "POST", body: JSON.stringify(body),
  headers: { Accept: "application/json", "Content-Type": "application/json" },
}, signal);
