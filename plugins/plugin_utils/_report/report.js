// Copyright (c) 2026, the mlops.studio_local_mode maintainers
// GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Filters, sorts and copies. The page has everything without it.
"use strict";
(() => {
  const table = document.getElementById("app-table");
  const groups = table ? Array.from(table.tBodies) : [];

  function filter() {
    const texts = groups.map((group) => group.textContent.toLowerCase());
    const input = document.getElementById("filter");
    const state = document.getElementById("state");
    const shown = document.getElementById("shown");
    const apply = () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let count = 0;
      groups.forEach((group, index) => {
        const matches = words.every((word) => texts[index].includes(word)) && (!state.value || group.dataset.state === state.value);
        if (group.hidden === matches) group.hidden = !matches;
        count += matches ? 1 : 0;
      });
      shown.textContent = `${count} of ${groups.length} shown`;
    };
    document.getElementById("tools").hidden = false;
    input.addEventListener("input", apply);
    state.addEventListener("change", apply);
    apply();
  }

  function sort(table) {
    const headers = Array.from(table.tHead.rows[0].cells);
    headers.forEach((header, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = header.textContent;
      header.replaceChildren(button);
      button.addEventListener("click", () => {
        const descending = header.getAttribute("aria-sort") === "ascending";
        headers.forEach((other) => other.removeAttribute("aria-sort"));
        header.setAttribute("aria-sort", descending ? "descending" : "ascending");
        const order = new Intl.Collator(undefined, { numeric: true }).compare;
        const keyed = Array.from(table.tBodies, (body) => [body.rows[0].cells[column].textContent, body]);
        keyed.sort((a, b) => (descending ? order(b[0], a[0]) : order(a[0], b[0])));
        table.append(...keyed.map(([, body]) => body));
      });
    });
  }

  // With the widths of its columns fixed, a table need not measure every cell again when rows are hidden.
  function keepWidths(table) {
    const headers = Array.from(table.tHead.rows[0].cells);
    const widths = headers.map((header) => header.offsetWidth + 1);
    headers.forEach((header, column) => { header.style.width = `${widths[column]}px`; });
    table.style.width = `${widths.reduce((sum, width) => sum + width, 0)}px`;
    table.style.tableLayout = "fixed";
  }

  function copyButton(command) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      const text = command.querySelector("code").textContent;
      try {
        await navigator.clipboard.writeText(text);
        button.textContent = "Copied";
      } catch {
        // A page from a file may have no clipboard: the command is selected, and Ctrl+C copies it.
        getSelection().selectAllChildren(command.querySelector("code"));
        button.textContent = "Selected: press Ctrl+C";
      }
    });
    command.append(button);
  }

  if (table) filter();
  for (const id of ["app-table", "domain-table"]) {
    const found = document.getElementById(id);
    if (found) {
      sort(found);
      keepWidths(found);
    }
  }
  document.querySelectorAll(".command").forEach(copyButton);
  // Paper has nothing to unfold.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = Array.from(document.querySelectorAll("details:not([open])"));
    folded.forEach((details) => { details.open = true; });
  });
  addEventListener("afterprint", () => folded.forEach((details) => { details.open = false; }));
})();
