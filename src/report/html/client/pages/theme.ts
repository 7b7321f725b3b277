// The script of a page without plots: only the theme button works.
import { watchTheme } from "../theme.js";

watchTheme(() => undefined);
