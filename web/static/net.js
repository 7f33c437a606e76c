/* JSON from our own server: one language, a time limit, and errors that name a text of the page. */

const LIMIT = 12000;

export class Trouble extends Error {
  /** `text` is a key of the page's texts: missing, slow or failed. */
  constructor(text) {
    super(text);
    this.text = text;
  }
}

export function withLang(path, params = {}) {
  const url = new URL(path, location.href);
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
