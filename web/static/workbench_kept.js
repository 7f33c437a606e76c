/* What the browser keeps for the query page: open queries, the last runs, saved queries. */

export const MOST_RUNS = 100;
export const MOST_TABS = 20;
const KEY = "vehec.queries.";

function read(name, usual) {
  try {
    return JSON.parse(localStorage.getItem(KEY + name)) ?? usual;
  } catch {
    return usual;
  }
}

/** False when the browser keeps nothing more. */
function write(name, value) {
  try {
    localStorage.setItem(KEY + name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

const list = (name) => {
  const found = read(name, []);
  return Array.isArray(found) ? found.filter((entry) => typeof entry?.query === "string") : [];
};

/** A run is {query, outcome, when, seconds, form, chosen}: the outcome in words; `form` leads back to a question's form,
    in which `chosen` stands. */
export const runs = () => list("runs").map(({ rows, ...run }) => ({ outcome: rows, ...run }));
export const keepRun = (run) => write("runs", [run, ...runs().filter(({ query }) => query !== run.query)].slice(0, MOST_RUNS));

/** By name; saving under a name again replaces it. */
export const saved = () => list("saved");
export const save = (name, query) => write("saved", [...saved().filter((one) => one.name !== name), { name, query }]);
export const drop = (name) => write("saved", saved().filter((one) => one.name !== name));

export const tabs = () => ({ open: list("tabs"), at: Number(read("tab", 0)) || 0 });
export const keepTabs = (open, at) => write("tabs", open) && write("tab", at);

/** The first comment line of a query, as in the shipped questions; else nothing. */
export function titleOf(query) {
  const comment = query.match(/^\s*#\s*(?:title-\w+:\s*)?(.+)$/m);
  return comment ? comment[1].trim().slice(0, 120) : "";
}

/** Whether a text may be a query: it names a form outside of comments, addresses and texts. */
export const isQuery = (text) => /\b(?:select|ask|construct|describe)\b/i
  .test(text.replace(/<[^<>\s]*>|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|#.*$/gm, ""));

/** A query as the text of a .rq file: its name is the first comment line. */
export const asFile = ({ name, query }) => (titleOf(query) === name ? query : `# ${name}\n${query}`);
