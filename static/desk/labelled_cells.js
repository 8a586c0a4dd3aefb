"use strict";
// On a phone the columns of a list stand below each other: each cell then says what it is, and an empty one goes.
for (const table of document.querySelectorAll("#result_list")) {
    const labels = [...table.tHead.rows[0].cells].map((cell) => cell.querySelector(".text")?.textContent.trim());
    for (const row of table.tBodies[0].rows) {
        [...row.cells].forEach((cell, column) => {
            if (cell.tagName === "TD" && labels[column] && !cell.classList.contains("action-checkbox")) {
                cell.dataset.label = labels[column];
                cell.classList.toggle("says-nothing", ["", "-"].includes(cell.textContent.trim()) && !cell.children.length);
            }
        });
    }
}
