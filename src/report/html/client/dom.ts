// Creates elements; text is never parsed as markup.

/** A new element with a class, text or children. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className !== "") made.className = className;
  made.append(...children);
  return made;
}

/** A group of buttons, one of which is pressed; calls back with its value. */
export function choice(
  label: string,
  options: readonly (readonly [value: string, text: string])[],
  chosen: string,
  onChoose: (value: string) => void,
): HTMLElement {
  const group = element("div", "choice");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", label);
  for (const [value, text] of options) {
    const button = element("button", "", text);
    button.type = "button";
    button.setAttribute("aria-pressed", String(value === chosen));
    button.addEventListener("click", () => {
      for (const other of group.children) other.setAttribute("aria-pressed", String(other === button));
      onChoose(value);
    });
    group.append(button);
  }
  return group;
}

/** The choice of a linear or a logarithmic scale. */
export function scaleChoice(logarithmic: boolean, onChoose: (logarithmic: boolean) => void): HTMLElement {
  const scales = [
    ["linear", "linear"],
    ["log", "log"],
  ] as const;
  return choice("Scale", scales, logarithmic ? "log" : "linear", (value) => onChoose(value === "log"));
}

/** A labelled drop-down list. */
export function dropDown(
  label: string,
  options: readonly string[],
  chosen: string,
  onChoose: (value: string) => void,
): HTMLElement {
  const select = element("select", "");
  for (const option of options) {
    const item = element("option", "", option);
    item.value = option;
    item.selected = option === chosen;
    select.append(item);
  }
  select.addEventListener("change", () => onChoose(select.value));
  return element("label", "drop-down", `${label} `, select);
}
