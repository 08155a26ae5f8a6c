/* Every page works without this file; it only spares people time.
   htmx swaps parts of a page that the server renders; each module below enhances one kind of element, and
   is run again on every part that htmx brings in. */
import "htmx.org";
import { autosave } from "./autosave.js";
import { countWords } from "./words.js";
import { followReview } from "./reviewing.js";
import { reachFrame } from "./frames.js";
import { guardForm } from "./guard.js";
import { showOthers } from "./here.js";
import { emptyPockets } from "./pocket.js";
import { askWhen } from "./conditions.js";
import { enhanceAreas } from "./areas.js";
import { leaveWhenGone } from "./meeting.js";
import { keepLive } from "./live.js";
import { enhancePicker } from "./picker.js";
import { keepBudget } from "./paste.js";
import { keepOrder } from "./order.js";
import { enhanceRows } from "./rows.js";
import { followParticipants } from "./participants.js";
import { offerSuggestions } from "./suggest.js";
import { showTotal } from "./totals.js";
import { sendFiles } from "./upload.js";

const ENHANCEMENTS = [
  ["[data-max-words], [data-min-words]", countWords],
  [".table-frame", reachFrame],
  ["[data-picker]", enhancePicker],
  ["[data-areas-of]", enhanceAreas],
  ["[data-live]", keepLive],
  ["[data-away]", leaveWhenGone],
  ["[data-rows]", enhanceRows],
  ["[data-order]", keepOrder],
  ["[data-total]", showTotal],
  ["[data-budget]", keepBudget],
  ["[data-upload]", sendFiles],
  ["[data-suggestions]", offerSuggestions],
  ["[data-suggestions]", followParticipants],
  ["[data-asked-when]", askWhen],
  ["form[data-autosave]", autosave], // before guardForm, which sends what this one lets through
  ["form[data-criteria]", followReview],
  ["form[data-here]", showOthers],
  ["form[data-logout]", emptyPockets],
  ["form", guardForm],
];

function enhance(root) {
  for (const [selector, enhancement] of ENHANCEMENTS) {
    const own = root.matches?.(selector) ? [root] : [];
    for (const element of [...own, ...root.querySelectorAll(selector)]) {
      const mark = `enhanced${enhancement.name}`;
      if (element.dataset[mark]) continue;
      element.dataset[mark] = "yes";
      enhancement(element);
    }
  }
}

enhance(document);
document.addEventListener("htmx:after:swap", () => enhance(document));

// A page that answers a failed form begins at its list of errors.
document.querySelector("[data-focus]")?.focus();
