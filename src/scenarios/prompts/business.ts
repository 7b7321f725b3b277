// Prompts about running a business: customers, money, sales, suppliers.
import { type Prompt, SPEND } from "./prompt.js";

export const BUSINESS_PROMPTS = [
  {
    id: "churn",
    topic: "customers who leave",
    weight: "medium",
    text: "We lost {lost} of {customers} customers last quarter, most of them in their second month. Analyse likely causes by segment and give me at least five measures that keep people.",
    figures: { lost: { from: 80, to: 400, step: 10 }, customers: { from: 5000, perUser: 100 } },
    facts: {
      figures: ["lost", "customers"],
      words: ["churn", "segment", "onboarding", "retention", "cause", "measure"],
    },
  },
  {
    id: "support-times",
    topic: "support that answers too late",
    weight: "medium",
    text: "Our support answers after {minutes} minutes on average; {tickets} tickets come in a week. I want {cut} percent off that time. Name at least five inefficiencies to look for and what mending each is worth.",
    figures: {
      minutes: { from: 90, to: 300, step: 10 },
      tickets: { from: 1000, perUser: 10 },
      cut: { from: 25, to: 50, step: 5 },
    },
    facts: {
      figures: ["tickets", "cut"],
      words: ["support", "ticket", "time", "automate", "priority", "template", "return"],
    },
  },
  {
    id: "cash-flow",
    topic: "more cash within half a year",
    weight: "heavy",
    text: "We have {spend} dollars of free cash flow a month and need {rise} percent more within {months} months. Customers pay after {days} days. Write a plan month by month.",
    figures: {
      spend: SPEND,
      rise: { from: 15, to: 35, step: 5 },
      months: { from: 4, to: 8 },
      days: { from: 40, to: 75, step: 5 },
    },
    facts: {
      figures: ["spend", "rise", "days"],
      words: ["cash", "invoice", "payment", "month", "cost", "supplier", "plan"],
    },
  },
  {
    id: "market-share",
    topic: "growing against competitors",
    weight: "heavy",
    text: "We hold {share} percent of our market and want {gain} points more by the end of next quarter with {spend} dollars a month to spend. Draft a roadmap with risks.",
    figures: { spend: SPEND, share: { from: 6, to: 24 }, gain: { from: 2, to: 8 } },
    facts: {
      figures: ["share", "gain", "spend"],
      words: ["market", "competitor", "roadmap", "risk", "customer", "quarter"],
    },
  },
  {
    id: "sales-trend",
    topic: "sales of a quarter",
    weight: "light",
    text: "Sales were {first}, {second} and {third} dollars in the three months of the quarter. What is the trend and what should I watch?",
    figures: {
      first: { from: 80_000, perUser: 100 },
      second: { from: 84_000, to: 92_000, step: 500 },
      third: { from: 70_000, to: 99_000, step: 500 },
    },
    facts: { figures: ["first", "third"], words: ["sales", "trend", "month", "quarter", "season"] },
  },
  {
    id: "suppliers",
    topic: "choosing a supplier",
    weight: "medium",
    text: "We order {units} units a year from one supplier at {price} cents each. Which questions do I ask a second supplier, and from which price on is changing worth it?",
    figures: { units: { from: 20_000, perUser: 100 }, price: { from: 120, to: 480, step: 10 } },
    facts: {
      figures: ["units", "price"],
      words: ["supplier", "price", "quality", "delivery", "contract", "risk"],
    },
  },
  {
    id: "pricing",
    topic: "the price of a subscription",
    weight: "light",
    text: "{customers} customers pay us {price} dollars a month. What should I look at before I raise the price by {rise} percent?",
    figures: {
      customers: { from: 1200, perUser: 10 },
      price: { from: 19, to: 99, step: 10 },
      rise: { from: 5, to: 20, step: 5 },
    },
    facts: { figures: ["customers", "rise"], words: ["price", "customer", "value", "churn", "plan"] },
  },
  {
    id: "hiring",
    topic: "a team that is asked for too much",
    weight: "light",
    text: "A team of {people} has {tasks} open tasks and closes {closed} a week. Do we hire, cut scope or change how we work? Give me your reasoning in short.",
    figures: {
      people: { from: 4, to: 12 },
      tasks: { from: 150, perUser: 1 },
      closed: { from: 8, to: 25 },
    },
    facts: { figures: ["tasks", "closed"], words: ["team", "scope", "week", "hire", "priority"] },
  },
] as const satisfies readonly Prompt[];
