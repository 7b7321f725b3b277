// All styles of the page, in the order of the cascade.
import { BASE } from "./base.js";
import { COMPONENTS } from "./components.js";
import { PLOTS } from "./plots.js";
import { PRINT } from "./print.js";
import { TABLES } from "./tables.js";

export const STYLES = [BASE, COMPONENTS, TABLES, PLOTS, PRINT].join("\n");
