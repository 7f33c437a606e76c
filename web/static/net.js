/* JSON from our own server: one language, a time limit, and errors that name a text of the page. */

const LIMIT = 12000;

export class Trouble extends Error {
  /** `text` is a key of the page's texts: missing, slow or failed. */
  constructor(text) {
    super(text);
    this.text = text;
  }
}

/** The address with the date and the reading of this page, so that what it leads to shows the same. */
export function carried(path) {
  const url = new URL(path, location.href);
  const here = new URLSearchParams(location.search);
  for (const name of ["as_of", "reading"]) {
    if (here.get(name) && !url.searchParams.has(name)) url.searchParams.set(name, here.get(name));
  }
  return url.pathname + url.search + url.hash;
}

export function withLang(path, params = {}) {
  const url = new URL(carried(path), location.href);
  for (const [key, value] of Object.entries(params)) url.searchParams.set(key, value);
  url.searchParams.set("lang", document.documentElement.lang);
  return url;
}

/** Resolves to the parsed body; rejects with Trouble, or with AbortError when `signal` was used. */
export async function getJson(path, params = {}, signal = undefined) {
  const limit = AbortSignal.timeout(LIMIT);
  const signals = signal ? AbortSignal.any([signal, limit]) : limit;
  try {
    const answer = await fetch(withLang(path, params), { signal: signals, headers: { Accept: "application/json" } });
    if (answer.ok) return await answer.json();
    throw new Trouble(answer.status === 404 ? "missing" : "failed");
  } catch (error) {
    if (error instanceof Trouble || error.name === "AbortError") throw error;
    throw new Trouble(error.name === "TimeoutError" ? "slow" : "failed");
  }
}
