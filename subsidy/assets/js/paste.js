/* A budget: cells pasted from a spreadsheet become lines, and the sums follow what is typed.
   The server reads the lines and does the sums; this only sends the form and shows the answer in its place,
   so that nobody leaves the page. Without scripts the same buttons send the whole page. */
const PAUSE = 500; // milliseconds without a change
const BUTTONS = 'button[name="recount"], button[name="paste"], button[name="import"]';

export function keepBudget(area) {
  const form = area.closest("form");
  let timer = 0;
  let asked = null;

  /* Gives the budget as the server shows it for this form, or null when it gave no such page. */
  async function ask(pressed) {
    asked?.abort();
    asked = new AbortController();
    const body = new FormData(form);
    for (const [name, value] of Object.entries(pressed)) body.set(name, value);
    if (!("import" in pressed)) body.delete("workbook");
    try {
      const answer = await fetch(form.action, { method: "POST", body, signal: asked.signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      return page.getElementById(area.id);
    } catch {
      return null;
    }
  }

  async function workOut() {
    const answer = await ask({ recount: "1" });
    const sums = answer?.querySelector("#budget-sums");
    const shown = area.querySelector("#budget-sums");
    if (sums && !shown.contains(document.activeElement)) shown.replaceWith(sums);
  }

  /* Show what the server made of the form. Without an answer the button does its work as ever. */
  async function bring(pressed, otherwise) {
    area.toggleAttribute("data-busy", true);
    const answer = await ask(pressed);
    area.removeAttribute("data-busy");
    if (!answer) {
      otherwise();
      return;
    }
    area.replaceChildren(...answer.childNodes);
    document.dispatchEvent(new Event("htmx:after:swap")); // new parts get their scripts, see app.js
    area.dispatchEvent(new Event("input", { bubbles: true }));
    const [name] = Object.keys(pressed);
    const first = ["[data-brought]", '[aria-invalid="true"]', `button[name="${name}"]`];
    first.map((selector) => area.querySelector(selector)).find(Boolean)?.focus();
  }

  area.addEventListener("click", (event) => {
    const button = event.target.closest(BUTTONS);
    if (!button || button.dataset.plain) return;
    event.preventDefault();
    bring({ [button.name]: button.value }, () => {
      button.dataset.plain = "yes";
      button.click();
    });
  });

  area.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!event.target.matches("[data-row] input") || !text.trim().includes("\t")) return;
    event.preventDefault();
    bring({ paste: "1", pasted: text }, () => {
      const field = form.elements.namedItem("pasted");
      field.value = text;
      field.closest("details").open = true;
      field.focus();
    });
  });

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(workOut, PAUSE);
  };
  area.addEventListener("change", soon);
  area.addEventListener("input", (event) => event.target.matches("[data-rows]") && soon());
}
