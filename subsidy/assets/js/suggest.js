/* While somebody types the name or number of an organisation: those that took part before, as a list to choose
   from by mouse or keyboard. Choosing fills in name and number; everything can be typed as before. */
const PAUSE = 250; // milliseconds without a key before the server is asked
const SHORTEST = 2;

function make(tag, attributes) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

const lineOf = (input) => input.closest("[data-row], [data-organisation]");

/* One list for all fields of the section: only one has the focus. */
export function offerSuggestions(section) {
  const { suggestions: address, textFound, textKnown } = section.dataset;
  const list = make("ul", {
    class: "picker-list",
    id: "organisation-suggestions",
    role: "listbox",
    "aria-label": textKnown,
    hidden: "",
  });
  const status = make("p", { class: "visually-hidden", role: "status" });
  section.append(list, status);
  let field = null;
  let found = [];
  let active = -1;
  let waiting = null;
  let asked = 0;

  function prepare(input) {
    if (input.getAttribute("role") === "combobox") return;
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": list.id,
    })) {
      input.setAttribute(name, value);
    }
  }

  function close() {
    clearTimeout(waiting);
    asked += 1; // an answer that is still on its way comes too late
    list.hidden = true;
    active = -1;
    field?.setAttribute("aria-expanded", "false");
    field?.removeAttribute("aria-activedescendant");
  }

  function point(index) {
    active = index;
    [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === active)));
    const item = list.children[active];
    field.setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
  }

  function show(input, organisations) {
    found = organisations;
    active = -1;
    list.replaceChildren(
      ...found.map(({ name, kvk }, index) => {
        const item = make("li", { role: "option", id: `${list.id}-${index}`, "aria-selected": "false" });
        item.textContent = name;
        if (kvk) {
          const number = document.createElement("span");
          number.textContent = `KvK ${kvk}`;
          item.append(" ", number);
        }
        return item;
      }),
    );
    const place = input.closest(".utrecht-form-field");
    place.classList.add("suggestions-field");
    place.append(list);
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(found.length > 0));
    input.removeAttribute("aria-activedescendant");
    status.textContent = found.length > 0 ? textFound.replace("{count}", found.length) : "";
  }

  async function ask(input) {
    asked += 1;
    const mine = asked;
    try {
      const answer = await fetch(`${address}?q=${encodeURIComponent(input.value)}`, {
        headers: { Accept: "application/json" },
      });
      const organisations = answer.ok && !answer.redirected ? await answer.json() : [];
      if (mine === asked && input === document.activeElement) show(input, organisations);
    } catch {
      // No connection: what is typed stays what it is.
    }
  }

  function choose(organisation) {
    const line = lineOf(field);
    for (const input of line.querySelectorAll("[data-fills]")) {
      const value = organisation[input.dataset.fills];
      if (!value) continue;
      input.value = value;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
    close();
    field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertReplacementText" }));
  }

  section.addEventListener("focusin", (event) => {
    if (!event.target.matches("[data-fills]")) return;
    field = event.target;
    prepare(field);
  });
  section.addEventListener("focusout", close);
  section.addEventListener("input", (event) => {
    if (event.target !== field || event.inputType === "insertReplacementText") return;
    close();
    if (field.value.trim().length >= SHORTEST) waiting = setTimeout(ask, PAUSE, field);
  });
  section.addEventListener("keydown", (event) => {
    if (event.target !== field || list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      point(active < 0 && step < 0 ? found.length - 1 : (active + step + found.length) % found.length);
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      choose(found[active]);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      close();
    }
  });
  // mousedown, not click: the list closes when the field loses the focus.
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const index = [...list.children].indexOf(event.target.closest("li"));
    if (index >= 0) choose(found[index]);
  });
}
