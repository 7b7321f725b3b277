// Turns of phrase by which a text gives itself away as a refusal, as boilerplate, as a stand-in or as an error.

/** Said instead of an answer. */
export const REFUSALS: readonly RegExp[] = [
  /\bas an ai(?: language)? (?:model|assistant)\b/,
  /\b(?:i am|i'm|we are) (?:sorry|afraid|unable|not able)\b[^.!?\n]{0,60}\b(?:help|assist|answer|provide|comply|do that|fulfil)/,
  /\bi (?:cannot|can't|can not|could not|couldn't|won't|will not|do not feel able to) (?:help|assist|answer|comply|provide|discuss|fulfil)/,
  /\b(?:against|violates) (?:my|our) (?:policy|policies|guidelines|programming)\b/,
  /\bi (?:must|have to) (?:decline|refuse)\b/,
];

/** Each fits any question; two of them in a text that uses no figure of its prompt are boilerplate. */
export const PLATITUDES: readonly string[] = [
  "thank you for your question",
  "thank you for reaching out",
  "great question",
  "many factors to consider",
  "variety of factors",
  "every situation is different",
  "every business is different",
  "there is no one-size-fits-all",
  "it depends on many",
  "look at the big picture",
  "follow best practices",
  "involve all stakeholders",
  "do not hesitate to",
  "don't hesitate to",
  "feel free to ask",
  "interesting subject",
  "please consult a professional",
  "i hope this helps",
  "let me know if you have any",
];

/** What services say in place of an answer that they could not get. */
export const STAND_INS: readonly RegExp[] = [
  /\bmock(?:ed)? [^\n]{0,60}\bresponse\b/,
  /\((?:timeout )?fallback\)/,
  /\bfallback (?:response|answer|mode)\b/,
  /\bsuccessfully processed\b/,
  /\bdegraded mode\b/,
  /\bplaceholder (?:response|answer|text)\b/,
  /\blorem ipsum\b/,
  /\b(?:temporarily|currently) unavailable\b/,
];

/** Traces that no answer for people holds. */
export const TRACES: readonly RegExp[] = [
  /^ {0,16}at [^\n]{1,200}:\d{1,7}:\d{1,7}\)?$/m,
  /\btraceback \(most recent call last\)/,
  /^ {0,16}file "[^"\n]{1,200}", line \d{1,7}/m,
  /\bexception in thread "/,
  /\bgoroutine \d{1,9} \[/,
];

/** Texts of errors; only where nothing else is said. */
export const ERRORS: readonly RegExp[] = [
  /^\W{0,3}(?:[a-z]{0,40}error|[a-z]{0,40}exception)\b ?[:(]/,
  /\binternal server error\b/,
  /\bbad gateway\b/,
  /\bservice unavailable\b/,
  /\bsomething went wrong\b/,
  /\ban (?:unexpected |internal )?error (?:has )?occurred\b/,
  /^\{ ?"(?:error|detail|message)"/,
  /\brate limit exceeded\b/,
];
