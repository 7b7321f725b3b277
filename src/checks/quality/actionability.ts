// Actionability: whether an answer tells its reader what to do, by steps or by verbs of advice.

const STEP = /^ {0,8}(?:\d{1,2}[.)]|[-*+•]|step \d{1,2}\b)[ :]*(?=[^\s\d])/gim;
const ADVICE = new Set(
  "add adopt analyse analyze archive ask assign audit automate avoid batch begin build cache cap check choose collect compare consider create cut define delete deploy draft enable ensure estimate fix focus give hire identify implement improve increase index introduce invest keep launch limit list lower measure migrate monitor move negotiate offer optimise optimize plan prioritise prioritize profile publish rank recommend reduce remove replace report reserve review rewrite roll route run schedule set should shift split start stop stream suggest switch tag track train trim try tune update upgrade use watch write".split(
    " ",
  ),
);

export interface Actionability {
  /** Lines of lists, numbered or not. */
  readonly steps: number;
  /** Different verbs of advice. */
  readonly verbs: number;
}

/** `text` is normalised; `own` are its words without quotations. */
export function actionabilityOf(text: string, own: readonly string[]): Actionability {
  const verbs = new Set(own.filter((word) => ADVICE.has(word)));
  return { steps: text.match(STEP)?.length ?? 0, verbs: verbs.size };
}

/** Two steps with a verb among them, or four verbs of advice in running text. */
export function isActionable({ steps, verbs }: Actionability): boolean {
  return (steps >= 2 && verbs >= 1) || verbs >= 4;
}
