// Prompts about running language models: their price, speed and capacity.
import { type Prompt, SPEND } from "./prompt.js";

export const MODEL_PROMPTS = [
  {
    id: "optimisation",
    topic: "cutting the bill for language models",
    weight: "medium",
    text: "Our bill for language models came to {spend} dollars last month and I have to bring it down by {cut} percent without users noticing worse answers. What should we change first, and roughly what does each step save?",
    wordings: [
      "Last month we paid {spend} dollars for language models. The bill has to fall by {cut} percent, and the answers must stay as good. Which steps come first, and about how much does each of them save?",
      "How do we cut {cut} percent from a language model bill of {spend} dollars a month without losing quality? Please put the steps in order, each with a rough saving.",
    ],
    figures: { spend: SPEND, cut: { from: 15, to: 40, step: 5 } },
    facts: { figures: ["spend", "cut"], words: ["cost", "model", "cache", "prompt", "save", "quality"] },
  },
  {
    id: "latency",
    topic: "a chat assistant that answers too slowly",
    weight: "medium",
    text: "Our support assistant takes {now} milliseconds until the first word appears. We pay {spend} dollars a month and cannot pay more. How do we get below {goal} milliseconds?",
    figures: {
      spend: SPEND,
      now: { from: 2400, to: 4200, step: 100 },
      goal: { from: 700, to: 1100, step: 50 },
    },
    facts: {
      figures: ["now", "goal"],
      words: ["latency", "stream", "cache", "model", "milliseconds", "faster"],
    },
  },
  {
    id: "capacity",
    topic: "a jump in traffic next month",
    weight: "medium",
    text: "We serve {requests} agent requests a day for {spend} dollars a month. Marketing expects {factor} times that traffic from next month on. Write me a capacity plan: what breaks first, and what does it cost?",
    figures: {
      spend: SPEND,
      requests: { from: 20_000, to: 90_000, step: 1000 },
      factor: { from: 2, to: 5 },
    },
    facts: {
      figures: ["requests", "factor"],
      words: ["capacity", "scale", "traffic", "limit", "queue", "cost"],
    },
  },
  {
    id: "model-choice",
    topic: "cheaper models for part of the work",
    weight: "medium",
    text: "We send all {requests} requests a day to one large model and spend {spend} dollars a month. Compare that with moving the simple ones to a smaller model. I would like a small table with the trade-offs.",
    figures: { spend: SPEND, requests: { from: 8000, to: 60_000, step: 500 } },
    facts: {
      figures: ["spend", "requests"],
      words: ["model", "smaller", "quality", "cost", "route", "compare"],
    },
  },
  {
    id: "caching",
    topic: "repeated calls to the model",
    weight: "light",
    text: "About {share} percent of our {calls} daily model calls ask nearly the same thing. How would you build a cache for them: keys, lifetime, and what hit rate can we hope for?",
    figures: { share: { from: 25, to: 55, step: 5 }, calls: { from: 10_000, perUser: 100 } },
    facts: { figures: ["share", "calls"], words: ["cache", "key", "hit", "lifetime", "expire", "similar"] },
  },
  {
    id: "beloved-bot",
    topic: "an expensive assistant that customers like",
    weight: "medium",
    text: "Customers rate our assistant {score} out of 100, but it costs {spend} dollars a month. Finance wants {cut} percent off. Which measures keep the rating, and how do we watch that they do?",
    figures: { spend: SPEND, score: { from: 82, to: 96 }, cut: { from: 20, to: 45, step: 5 } },
    facts: {
      figures: ["spend", "score"],
      words: ["rating", "quality", "cost", "measure", "monitor", "customer"],
    },
  },
  {
    id: "executive-strategy",
    topic: "a company-wide plan for the spend on AI",
    weight: "heavy",
    text: "I lead a company of {staff} people. Our AI spend is {spend} dollars a month, an audit says {waste} percent of the calls are redundant, and the board wants {cut} percent less within two quarters. Give me a strategy with milestones, owners, risks and the saving of each step.",
    figures: {
      spend: { from: 45_000, perUser: 100 },
      staff: { from: 300, to: 900, step: 50 },
      waste: { from: 25, to: 45, step: 5 },
      cut: { from: 20, to: 40, step: 5 },
    },
    facts: {
      figures: ["spend", "waste", "cut"],
      words: ["strategy", "cost", "redundant", "milestone", "risk", "saving", "quarter"],
    },
  },
  {
    id: "gpu-pipeline",
    topic: "a machine-learning pipeline that outgrows its hardware",
    weight: "heavy",
    text: "Our PyTorch pipeline uses {growth} percent more GPU hours than in spring. We answer {requests} inference requests a day and retrain every week. Where do the hours go, training or inference, and what would you change on the cluster?",
    figures: {
      growth: { from: 40, to: 95, step: 5 },
      requests: { from: 600_000, perUser: 1000 },
    },
    facts: {
      figures: ["growth", "requests"],
      words: ["GPU", "training", "inference", "batch", "precision", "utilisation"],
    },
  },
  {
    id: "quarter-review",
    topic: "three months of calls, cost, speed and satisfaction",
    weight: "heavy",
    text: "Review our quarter. Calls: {calls1}, then {calls2}, then {calls3}. Cost in the last month: {spend} dollars. Satisfaction fell by {drop} points. What is the trend, what explains it, and what do you recommend?",
    figures: {
      spend: SPEND,
      calls1: { from: 90_000, to: 110_000, step: 1000 },
      calls2: { from: 115_000, to: 140_000, step: 1000 },
      calls3: { from: 150_000, to: 190_000, step: 1000 },
      drop: { from: 2, to: 9 },
    },
    facts: {
      figures: ["spend", "calls3", "drop"],
      words: ["trend", "calls", "cost", "satisfaction", "increase", "recommend"],
    },
  },
  {
    id: "startup-budget",
    topic: "a young company whose AI bill grows every month",
    weight: "light",
    text: "We are {staff} people and pay {spend} dollars a month for AI services, growing {growth} percent month over month. What are the first three concrete things to do?",
    figures: { spend: SPEND, staff: { from: 20, to: 80, step: 5 }, growth: { from: 10, to: 30, step: 5 } },
    facts: { figures: ["spend", "growth"], words: ["cost", "month", "usage", "budget", "limit", "first"] },
  },
] as const satisfies readonly Prompt[];
