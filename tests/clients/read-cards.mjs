// Prints the cards of a file as ical.js understands them: one jCard (RFC 7095) a line.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const parsed = ICAL.parse(readFileSync(process.argv[2], "utf8"));
const cards = Array.isArray(parsed[0]) ? parsed : [parsed];
for (const card of cards) console.log(JSON.stringify(card));
