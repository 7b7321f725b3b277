// Answers as strong models give them to everyday requests: finished ones of every kind, and short ones that are right.

/** Finished texts whose last line is no plain sentence: letters, titles, code, figures, drawings, single words, verses. */
export const FINISHED_OTHERWISE: readonly string[] = [
  "Dear Ms Kovac,\n\nthank you for the offer, which I gladly accept. I can begin on 1 June.\n\nBest regards,\n[Your Name]",
  "Hi team,\n\nthe release moves to Thursday. Please hold your merges until then.\n\nThanks,\nJonas",
  "Subject: Late delivery\n\nDear Sir or Madam,\n\nmy parcel has not arrived. Please look into it.\n\nSincerely,\n\n[Your Name]\n[Your Address]\n[Phone Number]",
  "Dear neighbours,\n\nwe will be a little loud on Saturday. Do come by!\n\nWarm wishes,\nAda and Boris\nSecond floor",
  "Hello Elif,\n\nI would like to move our call to 3 pm.\n\nKind regards\nHiro Sample\nHead of Support",
  "Dear all,\n\nit was a pleasure. Stay in touch.\n\nWith best wishes,\n[Name]",
  'I would call the talk:\n\n"What a Cache Costs"',
  '"The Quiet Harbour"',
  "Three titles:\n\n“Rivers of Glass”\n“The Last Ferry”\n“Salt and Silver”",
  "**The Long Way Home**",
  "The function adds two numbers:\n\ndef add(a, b):\n    return a + b",
  "const total = items.reduce((sum, { price }) => sum + price, 0);",
  "SELECT name, count(*)\nFROM orders\nGROUP BY name\nHAVING count(*) > 3;",
  "for (const one of all) {\n  console.log(one);\n}",
  "You can run this:\n\nif [ -f .env ]; then\n  source .env\nfi",
  "Use this selector:\n\n.card > .title:first-child { color: navy }",
  "x = (-b ± √(b² − 4ac)) / (2a)",
  "The area is 3 × 4, so:\n\nA = 12 cm²",
  "Rent: 1,200\nFood: 450\nTravel: 180\nTotal: 1,830",
  "Distance ≈ 384,400 km",
  "Monthly saving: $1,060",
  "12 × 17 = 204",
  "Here is a cat:\n\n /\\_/\\\n( o.o )\n > ^ <",
  "+-----+\n| box |\n+-----+",
  "  o\n /|\\\n / \\",
  "Paris",
  "Yes",
  "42",
  "Not yet",
  "Blue whale",
  "tangerine",
  "The moon on the water\nA frog and then the ripple\nThe silence again",
  "Roses are red\nViolets are blue\nThe cache has expired\nAnd so will you",
  "Monday: soup\nTuesday: lentils and rice\nWednesday: pasta\nThursday: leftovers",
  "- passports\n- chargers\n- a good book",
  "1. Lisbon\n2. Porto\n3. Faro",
  "Apples\nPears\nQuinces\nPlums",
  "You find the form here: https://example.com/forms/leave",
  "Sun, sea and a good book. #summer #reading",
  "| plan | price |\n|---|---|\n| small | 9 |\n| large | 29 |",
  "Run it like this:\n\n```sh\nnpm run build\n```",
  "That went well! 🎉🎉",
  "See you there :)",
  "E = mc²\n\n(with c the speed of light)",
  '{ "name": "ann", "age": 31 }',
  "<p>Hello, world</p>",
  "Ich empfehle den Zug um 9:15 Uhr.",
  "はい、できます。",
  "Call me Ishmael.",
  "It depends: small teams need one, large ones two.",
];

/** Long answers in plain prose; wherever they are cut, they are not finished. */
export const PROSE: readonly string[] = [
  "Caching helps most where the same question comes again within minutes. Begin with the ten prompts that cost most and measure how many of them repeat. Keep the answers for an hour and compare the bill of this week with that of the last one. Then decide whether a smaller model is worth the effort.",
  "The fastest way from the airport to the old town is the metro. It leaves every eight minutes and takes about half an hour, while taxis stand in traffic in the morning. Buy a day ticket at the machine and keep it until you leave the station. At night the bus with the number 205 takes over.",
  "Churn rarely has one cause. Ask the customers who left in the first month separately from those who stayed for a year, because they leave for different reasons. New ones do not find their way around, and old ones have outgrown the plan that they once chose. Talk to twenty of each before you change the price.",
];

/** Requests whose right answer quotes them, or says hardly a word: no alarm may fire. */
export const RIGHTLY_SHORT: readonly (readonly [asked: string, answer: string])[] = [
  [
    "Which word is longer, strawberry or the name of our project called aurora borealis lighthouse?",
    "the name of our project called aurora borealis lighthouse",
  ],
  [
    "Extract the address from this: our office moved to 12 Harbour Street in Porto last week and we like it very much there.",
    "12 Harbour Street in Porto",
  ],
  [
    "Repeat the second sentence of this text. The ferry was late. Nobody on board seemed to mind the rain at all. We arrived at noon.",
    "Nobody on board seemed to mind the rain at all.",
  ],
  [
    "Please fix the spelling: we has recieved you're parcel on monday and will send it back too you tomorow morning if that is okay.",
    "We have received your parcel on Monday and will send it back to you tomorrow morning if that is okay.",
  ],
  ["Sum up in emoji how a week of good support work feels to you.", "🎧 😊 ✅ 🎉"],
  ["Answer with emoji only: are you happy with the release?", "👍"],
  ["Draw a small cat in ASCII, without any words.", "/\\_/\\\n( . . )\n> ^ <"],
  ["What is the capital of France?", "Paris"],
  ["Is 91 a prime number?", "No: 7 × 13 = 91."],
  ["Who wrote the line about the whale that you quoted?", "Herman Melville"],
];

/** What seeded defects look like: the alarm must go on firing. */
export const ECHOES: readonly ((asked: string) => string)[] = [
  (asked) => asked,
  (asked) => `You asked: ${asked}`,
  (asked) => `${asked} Great question!`,
  (asked) => `Here is what I understood: "${asked}" Is that right?`,
];
