/* Saves a section, or a review, while it is written, so that no word is lost. Without scripts the save button does the same.

   What is typed goes to this browser's own store (pocket.js) at once, and to the server two seconds after the last
   key, every ten seconds while typing, and when the page is hidden. One request is under way at a time, and as
   long as it has no answer the same text is sent again: the server may have stored it, and would take a newer one
   for a change by somebody else. An answer brings the marks of what this page now shows: seen and kept, and of a
   review its version. */
import { settle } from "./guard.js";
import { Pocket } from "./pocket.js";

// Milliseconds.
const AFTER_TYPING = 2_000;
const WHILE_TYPING = 10_000;
const LONGEST_WAIT = 60_000;
const PATIENCE = 20_000;
const BEFORE_SENDING = 4_000;
const KEEPALIVE_BYTES = 60_000; // a browser sends at most 64 kB after a page is left; more waits in the pocket

const TOO_MANY = 429;
const MARKS = ["version", "seen", "kept", "parked"];
const AROUND = /^(csrf_token|version|seen|kept|parked|choice-.*|shown-.*)$/;

function typed(form) {
  const fields = [...new FormData(form)].filter(([, value]) => typeof value === "string");
  return new URLSearchParams(fields.filter(([name]) => form.elements.namedItem(name)?.type !== "password"));
}

/* The text of the person alone, to see whether anything was typed. */
const words = (fields) => JSON.stringify([...fields].filter(([name]) => !AROUND.test(name)));

export function autosave(form) {
  const pocket = new Pocket(form.dataset.person, form.dataset.part);
  const post = new Post(form);
  // A page may show what is stored nowhere: then it is saved at once.
  let saved = form.dataset.unsaved ? "" : words(typed(form));
  let unanswered = null;
  let underWay = null;
  let sentAt = Date.now();
  let wait = AFTER_TYPING;
  let timer = 0;

  const changed = () => words(typed(form)) !== saved;

  function plan(delay) {
    clearTimeout(timer);
    timer = setTimeout(save, delay);
  }

  function save({ leaving = false } = {}) {
    clearTimeout(timer);
    if (!underWay && !post.refused && (unanswered || changed())) {
      underWay = sendAll(leaving).finally(() => (underWay = null));
    }
    return underWay;
  }

  async function sendAll(leaving) {
    unanswered ??= typed(form);
    pocket.keep(typed(form), unanswered);
    sentAt = Date.now();
    const answer = await post.deliver(unanswered, { leaving });
    if (!answer) {
      wait = Math.min(wait * 2, LONGEST_WAIT);
      if (!post.refused) plan(wait);
      return;
    }
    for (const mark of MARKS) if (mark in answer) form.elements.namedItem(mark).value = answer[mark];
    saved = words(unanswered);
    unanswered = null;
    wait = AFTER_TYPING;
    if (changed()) {
      pocket.keep(typed(form), null);
      plan(AFTER_TYPING);
    } else {
      pocket.empty();
      settle(form);
    }
  }

  form.addEventListener("input", () => {
    if (!changed()) return;
    pocket.keep(typed(form), unanswered);
    if (underWay || unanswered || post.refused) return;
    post.say("writing", form.dataset.textWriting);
    plan(Date.now() - sentAt > WHILE_TYPING ? 0 : AFTER_TYPING);
  });
  document.addEventListener("visibilitychange", () => save({ leaving: document.visibilityState === "hidden" }));
  window.addEventListener("online", () => save());

  // The save button comes after what is under way, and the pocket is empty before the page is left.
  let ready = false;
  let waiting = false;
  form.addEventListener("submit", (event) => {
    if (ready || post.refused || !(underWay || unanswered || changed())) return;
    event.preventDefault();
    if (waiting) return;
    waiting = true;
    const longest = new Promise((resolve) => setTimeout(resolve, BEFORE_SENDING));
    const done = async () => {
      await underWay;
      await save();
    };
    Promise.race([done(), longest]).then(() => {
      ready = true;
      form.requestSubmit(event.submitter);
    });
  });
  window.addEventListener("pageshow", () => {
    ready = waiting = false;
  });

  form.querySelector("[data-save-text]").textContent = form.dataset.textStart;
  putBack(form, pocket, post).then(() => form.dataset.unsaved && plan(0));
}

/* Sends the text of a form, and tells on the page what became of it. */
class Post {
  constructor(form) {
    this.form = form;
    this.refused = false; // trying again cannot help
    this.state = "";
  }

  /* Gives the answer once the server has the text; null while it has not. */
  async deliver(body, { leaving = false } = {}) {
    const { textOffline, textLogin, textLoginLink, textRefused, textOtherPerson } = this.form.dataset;
    let response;
    let answer;
    try {
      response = await this.send(body, leaving);
      answer = await response.json();
      if (answer.state === "token" && String(answer.person) === this.form.dataset.person) {
        for (const one of document.querySelectorAll("input[name=csrf_token]")) one.value = answer.token;
        response = await this.send(body, leaving);
        answer = await response.json();
      }
    } catch {
      answer = { state: "failed" }; // no connection, or a proxy answers that the server is away
    }
    if (answer.state === "failed") {
      this.refused = response?.status >= 400 && response.status < 500 && response.status !== TOO_MANY;
      this.say("offline", this.refused ? textRefused : textOffline);
      return null;
    }
    if (answer.state === "login") {
      settle(this.form); // the text is in the pocket, so the page may be left
      const back = encodeURIComponent(location.pathname);
      this.say("login", textLogin, { url: `${answer.url}?next=${back}`, text: textLoginLink });
      return null;
    }
    if (!response.ok || answer.state === "elsewhere") {
      this.refused = true;
      this.say("refused", answer.text ?? (answer.state === "token" ? textOtherPerson : textRefused));
      return null;
    }
    this.refused = answer.state === "closed";
    this.say(answer.state, answer.text, answer.link);
    return answer;
  }

  send(body, leaving) {
    body.set("csrf_token", this.form.elements.namedItem("csrf_token").value);
    return fetch(this.form.dataset.autosave, {
      method: "POST",
      headers: { Accept: "application/json" },
      body,
      keepalive: leaving && String(body).length < KEEPALIVE_BYTES,
      signal: AbortSignal.timeout(PATIENCE),
    });
  }

  /* One line is for the eye; one is for the ear, and speaks only when something changes. */
  say(state, words, link) {
    const line = this.form.querySelector("[data-save-text]");
    line.textContent = words;
    line.dataset.state = state;
    if (link) {
      const anchor = document.createElement("a");
      anchor.href = link.url;
      anchor.textContent = link.text;
      line.append(" ", anchor);
    }
    if (state !== this.state && state !== "writing") {
      this.form.querySelector("[data-save-told]").textContent = words;
      this.state = state;
    }
  }
}

/* What an earlier page could not deliver goes to the server, and the page is opened again with it in place. */
async function putBack(form, pocket, post) {
  const shown = words(typed(form));
  const left = pocket.left().filter((copy) => {
    const stored = words(new URLSearchParams(copy.fields)) === shown;
    if (stored) pocket.drop(copy);
    return !stored;
  });
  if (left.length === 0) return;
  post.say("restoring", form.dataset.textRestoring);
  form.inert = true;
  let delivered = false;
  for (const copy of left) {
    const fields = new URLSearchParams(copy.fields);
    if (copy.unanswered && copy.unanswered !== copy.fields) {
      const answer = await post.deliver(new URLSearchParams(copy.unanswered));
      if (!answer) continue;
      delivered = true;
      for (const mark of MARKS) if (mark in answer) fields.set(mark, answer[mark]);
    }
    if (!(await post.deliver(fields))) continue;
    delivered = true;
    pocket.drop(copy);
  }
  form.inert = false;
  if (delivered) location.reload();
}
