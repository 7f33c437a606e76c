/* The menu of one thing of the picture: on right click, a long press, Shift+F10 and the menu key. */

import { numeral } from "./dom.js";
import { openMenu } from "./menu.js";
import { carried } from "./net.js";

/** `core` as in explorer.js; `page` is the address that pages of things begin with. */
export function openNodeMenu(core, page, id, spot) {
  const { actions, texts } = core;
  const can = actions.can(id);
  const path = core.path && !can.group;
  openMenu(core.name(id), [
    { text: texts.expand, run: () => actions.expand(id) },
    { text: can.collapse ? `${texts.collapse} (${numeral(can.collapse)})` : texts.collapse, off: !can.collapse,
      run: () => actions.collapse(id) },
    null,
    can.hide && { text: texts.hide, run: () => actions.hide(id) },
    can.pin && { text: can.pinned ? texts.unpin : texts.pin, run: () => actions.pin(id) },
    can.near && { text: can.isNear ? texts.leave_near : texts.near, run: () => actions.near(id) },
    can.group ? false : null,
    !can.group && !can.central && { text: texts.around, run: () => core.visit({ focus: id }) },
    path && { text: texts.path_to, run: () => core.path(id) },
    !can.group && { text: texts.open_page, href: carried(page + encodeURIComponent(id)) },
  ].filter((item) => item !== false && item !== undefined), spot);
}
