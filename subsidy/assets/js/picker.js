/* A type-ahead in place of a long <select multiple>. The select stays in the form and holds the choice, so
   what is sent is the same with and without scripts. Pattern: combobox with a list, and a button per choice. */
const MOST_SHOWN = 40;

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function make(tag, attributes) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

export function enhancePicker(select) {
  const { textRemove, textNone, textChosen } = select.dataset;
  const options = [...select.options].map((option) => ({ option, text: option.text, key: plain(option.text) }));
  const listId = `${select.id}-list`;
  const box = make("div", { class: "picker" });
  const input = make("input", {
    type: "text",
    class: "utrecht-textbox utrecht-textbox--html-input",
    id: `${select.id}-search`,
    role: "combobox",
    autocomplete: "off",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": listId,
  });
  const list = make("ul", { class: "picker-list", id: listId, role: "listbox", hidden: "" });
  const chips = make("ul", { class: "chips" });
  const status = make("p", { class: "visually-hidden", role: "status" });
  const label = document.querySelector(`label[for="${select.id}"]`);
  if (label) {
    label.htmlFor = input.id;
    label.id ||= `${select.id}-label`;
    list.setAttribute("aria-labelledby", label.id);
    chips.setAttribute("aria-labelledby", label.id);
  }
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
  }
  let found = [];
  let active = -1;

  function close() {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function point(index) {
    active = index;
    [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === active)));
    const item = list.children[active];
    if (!item) return;
    input.setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
  }

  function search() {
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    found = options
      .filter(({ option, key }) => !option.selected && words.every((word) => key.includes(word)))
      .sort((a, b) => b.key.startsWith(words[0] ?? "") - a.key.startsWith(words[0] ?? ""))
      .slice(0, MOST_SHOWN);
    list.replaceChildren(
      ...found.map(({ text }, index) => {
        const item = make("li", { role: "option", id: `${listId}-${index}`, "aria-selected": "false" });
        item.textContent = text;
        return item;
      }),
    );
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(found.length > 0));
    input.removeAttribute("aria-activedescendant");
    active = -1;
    status.textContent = found.length === 0 ? textNone : "";
  }

  function showChosen() {
    chips.replaceChildren(
      ...options
        .filter(({ option }) => option.selected)
        .map(({ option, text }) => {
          const chip = make("button", { type: "button", class: "chip", "aria-label": textRemove.replace("{name}", text) });
          chip.textContent = text;
          chip.addEventListener("click", () => choose(option, false));
          const item = document.createElement("li");
          item.append(chip);
          return item;
        }),
    );
  }

  function choose(option, selected) {
    option.selected = selected;
    input.value = "";
    showChosen();
    close();
    input.focus();
    status.textContent = textChosen.replace("{count}", options.filter((each) => each.option.selected).length);
    select.dispatchEvent(new Event("input", { bubbles: true }));
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  input.addEventListener("input", search);
  input.addEventListener("click", search);
  input.addEventListener("blur", () => close());
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) search();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (found.length > 0) point((active + step + found.length) % found.length);
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault();
      const chosen = found[active] ?? (found.length === 1 ? found[0] : null);
      if (chosen) choose(chosen.option, true);
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      close();
    }
  });
  // mousedown, not click: the list closes when the field loses the focus.
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const index = [...list.children].indexOf(event.target.closest("li"));
    if (index >= 0) choose(found[index].option, true);
  });

  select.hidden = true;
  select.before(box);
  box.append(input, list, chips, status);
  showChosen();
}
