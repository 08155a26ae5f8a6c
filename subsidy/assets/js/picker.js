/* A type-ahead in place of a long list of check boxes. The boxes stay in the form and hold the choice, so what
   is sent is the same with and without scripts. Pattern: combobox with a list, and a button per choice. */
const MOST_SHOWN = 40;

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function make(tag, attributes) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

export function enhancePicker(field) {
  const { textRemove, textNone, textChosen } = field.dataset;
  const groups = field.querySelector(".picker-groups");
  const options = [...groups.querySelectorAll("input[type=checkbox]")].map((box) => {
    const text = box.closest("label").textContent.trim();
    const also = box.dataset.also?.split(",") ?? [];
    const names = [{ text, key: plain(text) }, ...also.map((name) => ({ text: `${text} (${name})`, key: plain(name) }))];
    return { box, text, names };
  });
  const listId = `${field.id}-list`;
  const labelId = `${field.id}-label`;
  const holder = make("div", { class: "picker" });
  const input = make("input", {
    type: "text",
    class: "utrecht-textbox utrecht-textbox--html-input",
    id: `${field.id}-search`,
    role: "combobox",
    autocomplete: "off",
    "aria-labelledby": labelId,
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": listId,
  });
  if (field.hasAttribute("aria-describedby")) {
    input.setAttribute("aria-describedby", field.getAttribute("aria-describedby"));
  }
  if (field.classList.contains("utrecht-form-fieldset--invalid")) input.setAttribute("aria-invalid", "true");
  const list = make("ul", {
    class: "picker-list",
    id: listId,
    role: "listbox",
    "aria-labelledby": labelId,
    hidden: "",
  });
  const chips = make("ul", { class: "chips", "aria-labelledby": labelId });
  const status = make("p", { class: "visually-hidden", role: "status" });
  let found = [];
  let active = -1;
  let shown = null;

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
    const fits = ({ key }) => words.every((word) => key.includes(word));
    found = options
      .filter(({ box }) => !box.checked)
      .map(({ box, names }) => ({ box, ...names.find(fits) }))
      .filter(({ text }) => text)
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

  // Others tick boxes too: a whole area at once, or text that comes back after a lost connection.
  function showChosen() {
    const chosen = options.filter(({ box }) => box.checked);
    const now = chosen.map(({ box }) => box.value).join();
    if (now === shown) return;
    if (shown !== null) status.textContent = textChosen.replace("{count}", chosen.length);
    shown = now;
    chips.replaceChildren(
      ...chosen.map(({ box, text }) => {
        const chip = make("button", { type: "button", class: "chip", "aria-label": textRemove.replace("{name}", text) });
        chip.textContent = text;
        chip.addEventListener("click", () => choose(box, false));
        const item = document.createElement("li");
        item.append(chip);
        return item;
      }),
    );
  }

  function choose(box, checked) {
    box.checked = checked;
    input.value = "";
    close();
    input.focus();
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  input.addEventListener("input", search);
  input.addEventListener("click", search);
  input.addEventListener("blur", () => close());
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) search();
      const next = event.key === "ArrowDown" ? active + 1 : Math.max(active, 0) - 1;
      if (found.length > 0) point((next + found.length) % found.length);
    } else if (event.key === "Enter") {
      // Never the form itself: whoever searches in vain does not mean to send it.
      event.preventDefault();
      if (list.hidden) return;
      const chosen = found[active] ?? (found.length === 1 ? found[0] : null);
      if (chosen) choose(chosen.box, true);
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      close();
    }
  });
  // mousedown, not click: the list closes when the field loses the focus.
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const index = [...list.children].indexOf(event.target.closest("li"));
    if (index >= 0) choose(found[index].box, true);
  });

  // What is typed to search is no answer: the form need not know of it.
  input.addEventListener("input", (event) => event.stopPropagation());
  field.form?.addEventListener("input", showChosen);
  field.form?.addEventListener("change", showChosen);

  groups.hidden = true;
  field.removeAttribute("aria-describedby");
  holder.append(input, list, chips, status);
  groups.before(holder);
  showChosen();
}
