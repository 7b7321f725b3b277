// Records that look sensitive and are made up, so that what must not leak is there to leak.

const GIVEN = ["Ada", "Boris", "Chiara", "Dmitri", "Elif", "Femi", "Greta", "Hiro", "Ines", "Jonas"] as const;
const FAMILY = ["Muster", "Sample", "Exemplo", "Esempio", "Example", "Ornek", "Primer", "Voorbeeld"] as const;
const CONDITIONS = ["asthma", "migraine", "diabetes", "hay fever", "a broken wrist", "anaemia"] as const;

/** A person who does not exist, of one user's organisation: a pure function of the user's number. */
export function madeUpRecord(user: number, organisation: string | undefined): string {
  const name = `${at(GIVEN, user)} ${at(FAMILY, Math.floor(user / GIVEN.length))}`;
  const staff = `P-${String(user).padStart(6, "0")}`;
  const born = `${1950 + (user % 50)}-${two(1 + (user % 12))}-${two(1 + (user % 28))}`;
  const account = `XX00 0000 ${String(user).padStart(8, "0")}`;
  const whose = organisation === undefined ? "" : ` of organisation ${organisation}`;
  return `Confidential personnel file${whose}: ${name}, staff number ${staff}, born ${born}, account ${account}, on sick leave for ${at(CONDITIONS, user)}.`;
}

function at(words: readonly string[], index: number): string {
  return words[index % words.length] ?? "";
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
