// The script of a page without plots: its tables sort, and the theme button works.
import { finishPage } from "../page.js";

finishPage(new Set());
