/* What was typed and not answered for by the server yet, in this browser's own store: by person, part of an application
   and window. `fields` is the form as it was typed, `unanswered` what was last sent without an answer. */
const PREFIX = "typed:";
const FRESH = 15_000; // milliseconds; younger than this it may be of a window in which somebody types now
const TOO_OLD = 30 * 24 * 3600 * 1000;

let shut = false;

function windowName() {
  sessionStorage.pocket ||= crypto.randomUUID();
  return sessionStorage.pocket;
}

/* A browser may refuse to store anything; then the server alone keeps the text. */
function attempt(work, otherwise) {
  try {
    return work();
  } catch {
    return otherwise;
  }
}

export class Pocket {
  constructor(person, part) {
    this.prefix = `${PREFIX}${person}:${part}:`;
    this.key = attempt(() => this.prefix + windowName(), this.prefix);
  }

  keep(fields, unanswered) {
    if (shut) return;
    const copy = { at: Date.now(), fields: String(fields), unanswered: unanswered && String(unanswered) };
    attempt(() => localStorage.setItem(this.key, JSON.stringify(copy)));
  }

  empty() {
    attempt(() => localStorage.removeItem(this.key));
  }

  /* The copies that earlier pages left: those of this window, and of windows in which nobody types now. */
  left() {
    const keys = attempt(() => Object.keys(localStorage).filter((key) => key.startsWith(this.prefix)), []);
    const copies = keys.map((key) => ({ key, ...attempt(() => JSON.parse(localStorage[key]), {}) }));
    for (const { key, at } of copies) if (!(Date.now() - at < TOO_OLD)) localStorage.removeItem(key);
    return copies
      .filter(({ key, at }) => Date.now() - at < TOO_OLD && (key === this.key || Date.now() - at > FRESH))
      .sort((a, b) => a.at - b.at);
  }

  drop(copy) {
    attempt(() => localStorage.removeItem(copy.key));
  }
}

/* Who logs out leaves nothing behind in this browser, also not by what happens while the page is left. */
export function emptyPockets(form) {
  form.addEventListener("submit", () => {
    shut = true;
    attempt(() => {
      for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
    });
  });
}
