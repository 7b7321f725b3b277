// Prompts that make an agent ask its user: before it runs tools, or a question first. Asked by name only.
import { type Prompt, SPEND } from "./prompt.js";

export const ASKING_PROMPTS = [
  {
    id: "approval",
    topic: "a bill, with tools that need an approval",
    weight: "light",
    text: "Our cloud bill came to {spend} dollars last month and has to fall by {cut} percent. Use both of your tools for this: look for what I wrote about it earlier, and model the cost. Ask me before you run any tool.",
    figures: { spend: SPEND, cut: { from: 15, to: 40, step: 5 } },
    facts: { figures: ["spend", "cut"], words: ["cost", "cloud", "bill", "save", "month"] },
  },
  {
    id: "question",
    topic: "a plan that depends on an answer",
    weight: "light",
    text: "We spend {spend} dollars a month on a project that is {late} weeks late. Ask me one question first, and then give me a plan for the next month.",
    figures: { spend: SPEND, late: { from: 2, to: 9 } },
    facts: { figures: ["spend", "late"], words: ["project", "plan", "week", "month"] },
  },
] as const satisfies readonly Prompt[];
