// Prompts about running software: clouds, databases, services.
import { type Prompt, SPEND } from "./prompt.js";

export const OPERATIONS_PROMPTS = [
  {
    id: "cloud-bill",
    topic: "a cloud bill that is too high",
    weight: "medium",
    text: "Our cloud bill is {spend} dollars a month, {share} percent of it virtual machines that idle at night. Propose a plan to reduce it and put a number on every step.",
    figures: { spend: SPEND, share: { from: 35, to: 70, step: 5 } },
    facts: {
      figures: ["spend", "share"],
      words: ["cost", "machine", "reserve", "schedule", "night", "saving"],
    },
  },
  {
    id: "function-costs",
    topic: "which serverless functions cost most",
    weight: "light",
    text: "We run {functions} serverless functions for {spend} dollars a month. How do I find out which of them cost most, and what usually helps?",
    figures: { spend: SPEND, functions: { from: 40, to: 240, step: 10 } },
    facts: {
      figures: ["spend", "functions"],
      words: ["function", "memory", "duration", "invocation", "cost"],
    },
  },
  {
    id: "slow-api",
    topic: "response times that rose within a week",
    weight: "medium",
    text: "Since last week our API answers {rise} percent slower: the 95th percentile went to {p95} milliseconds. Nothing was released. How do I find the root cause, in which order do I look?",
    figures: { rise: { from: 25, to: 60, step: 5 }, p95: { from: 600, perUser: 10 } },
    facts: {
      figures: ["rise", "p95"],
      words: ["cause", "database", "trace", "metric", "traffic", "compare", "milliseconds"],
    },
  },
  {
    id: "slow-queries",
    topic: "slow queries in PostgreSQL",
    weight: "medium",
    text: "PostgreSQL logs {count} slow queries a day on a table of {rows} rows; the worst takes {worst} milliseconds. Give me at least three recommendations, indexes among them.",
    figures: {
      count: { from: 200, to: 900, step: 10 },
      rows: { from: 4_000_000, perUser: 10_000 },
      worst: { from: 1500, to: 6000, step: 100 },
    },
    facts: { figures: ["rows", "worst"], words: ["index", "query", "explain", "table", "vacuum", "plan"] },
  },
  {
    id: "indexing",
    topic: "good practice for database indexes",
    weight: "light",
    text: "What is good practice for indexes on a table that takes {writes} writes and {reads} reads a second?",
    figures: { writes: { from: 50, to: 400, step: 10 }, reads: { from: 1000, perUser: 10 } },
    facts: { figures: ["writes", "reads"], words: ["index", "column", "write", "selective", "query"] },
  },
  {
    id: "one-query",
    topic: "the right index for one query",
    weight: "light",
    text: "A query filters {rows} accounts by email and status and takes {time} milliseconds. Which index does it want, and in which order of columns?",
    figures: { rows: { from: 800_000, perUser: 1000 }, time: { from: 300, to: 900, step: 10 } },
    facts: { figures: ["rows", "time"], words: ["index", "email", "status", "composite", "column"] },
  },
  {
    id: "rate-limits",
    topic: "rate limits for a public API",
    weight: "light",
    text: "{clients} clients share our public API and a few of them send {burst} requests at once. How should we set rate limits so that nobody starves?",
    figures: { clients: { from: 300, perUser: 10 }, burst: { from: 100, to: 900, step: 50 } },
    facts: { figures: ["clients", "burst"], words: ["limit", "bucket", "burst", "client", "retry", "429"] },
  },
  {
    id: "monitoring",
    topic: "watching many small services",
    weight: "light",
    text: "We run {services} small services and found out about {outages} of our last outages from customers. What should we measure, and with which kind of tools?",
    wordings: [
      "Customers told us about {outages} of our last outages before we saw them ourselves. With {services} small services, what do we have to measure, and what kind of tools does that take?",
    ],
    figures: { services: { from: 12, perUser: 1 }, outages: { from: 3, to: 9 } },
    facts: {
      figures: ["services", "outages"],
      words: ["metric", "trace", "alert", "log", "service", "dashboard"],
    },
  },
  {
    id: "migration",
    topic: "moving a monolith without standing still",
    weight: "heavy",
    text: "We want to move a monolith of {modules} modules to separate services within {months} months, with {teams} teams and a budget of {spend} dollars a month. Lay out the order of moves, the risks and how we can turn back.",
    figures: {
      spend: SPEND,
      modules: { from: 20, to: 70, step: 5 },
      months: { from: 6, to: 18, step: 3 },
      teams: { from: 2, to: 6 },
    },
    facts: {
      figures: ["modules", "months", "spend"],
      words: ["service", "risk", "team", "data", "order", "rollback", "month"],
    },
  },
] as const satisfies readonly Prompt[];
