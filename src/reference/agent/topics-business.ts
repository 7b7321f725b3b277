// What the embedded model knows about running a business: customers, money, markets, people.
import type { Topic } from "./topic.js";

export const BUSINESS_TOPICS: readonly Topic[] = [
  {
    name: "customer churn",
    keywords: [
      "churn",
      "retention",
      "cancel",
      "renewal",
      "subscriber",
      "customers leave",
      "we lost",
      "keep people",
    ],
    savingPercent: 15,
    advice: [
      "Split churn by segment, plan and month of signup to see where the loss really sits.",
      "Call twenty customers who left and sort each cause into three groups: value, price, trouble.",
      "Mend the onboarding: send help when a new customer has no first result by day three.",
      "Measure retention by cohort every month, and give each measure one owner.",
      "Offer a pause instead of a cancellation, and count how many of {figure} come back.",
    ],
  },
  {
    name: "cash flow",
    keywords: ["cash", "invoice", "runway", "receivable", "payment term", "burn", "customers pay"],
    savingPercent: 12,
    advice: [
      "Forecast thirteen weeks ahead and update the plan every Monday with what was really paid.",
      "Send each invoice on the day of delivery, and remind three days before payment is due.",
      "Ask new customers for part of the payment in advance, month by month.",
      "Agree on longer terms with the five largest suppliers before you need them, and cut cost that brings no revenue.",
      "Keep a reserve for two months of {figure} and decide now what stops when it is touched.",
    ],
  },
  {
    name: "support workload",
    keywords: ["support", "ticket", "helpdesk", "first response", "complaint"],
    savingPercent: 25,
    advice: [
      "Group last month's tickets by cause and fix the largest cause in the product.",
      "Automate routing, and give each ticket a priority by what waiting costs the customer.",
      "Write a template for the ten most frequent answers, and link them from the form.",
      "Measure the time until the first real answer, and how many tickets return.",
      "Review a weekly sample of {figure} for tone and for cases that were reopened.",
    ],
  },
  {
    name: "market share",
    keywords: ["market", "competitor", "roadmap", "campaign", "brand", "positioning", "share"],
    savingPercent: 14,
    advice: [
      "Choose one customer segment where the competitor is weakest, and say in one sentence why you are better there.",
      "Draft a roadmap for the quarter with one bet a month, each with a number that proves it.",
      "Rank channels by cost per paying customer and move a tenth of the money from the worst to the best.",
      "Write the three largest risks beside the plan, each with its early sign.",
      "Review the share of the market monthly, and {figure} with it, so that growth does not hide losses.",
    ],
  },
  {
    name: "sales",
    keywords: ["sales", "revenue", "quarter", "trend", "conversion", "lead", "funnel", "margin", "forecast"],
    savingPercent: 13,
    advice: [
      "Compare each month with the same month of last year, so that a season is not taken for a trend.",
      "Split sales by product and by new or known customers before explaining the quarter.",
      "Watch leads and conversion weekly: they show a turn about a month before revenue does.",
      "Name the share of costs and of margin in every growth figure.",
      "Set next quarter's range around {figure}, and say in advance what makes you act.",
    ],
  },
  {
    name: "pricing",
    keywords: ["price", "pricing", "raise the price", "subscription", "discount", "plan"],
    savingPercent: 11,
    advice: [
      "Ask which value each customer group gets from the plan, and raise the price where the value has grown.",
      "Estimate the churn that would eat up the gain, and stop when it comes near.",
      "Run one price experiment at a time with new customers for two full billing cycles.",
      "Tell known customers early, and let them keep the old price for some months.",
      "Report revenue per customer beside {figure} every week.",
    ],
  },
  {
    name: "suppliers",
    keywords: ["supplier", "vendor", "procurement", "units a year", "contract", "purchase"],
    savingPercent: 9,
    advice: [
      "Ask for price by volume, quality records, delivery times and two references that you may call.",
      "Count the whole cost of a change: samples, tests, stock and the hours of your own people.",
      "Order a tenth from the second supplier for a quarter before moving more.",
      "Write delivery, quality and an exit into the contract, since a single source is the larger risk.",
      "Change when the saving on {figure} pays for the change within a year.",
    ],
  },
  {
    name: "teamwork",
    keywords: ["team", "hire", "hiring", "open tasks", "backlog", "people", "workload", "scope"],
    savingPercent: 17,
    advice: [
      "Cut scope first: drop every task that nobody asked about for a quarter.",
      "Limit the work in progress to one task per person, and set one priority for the week.",
      "Measure how many tasks the team closes a week against how many arrive, before you hire.",
      "Move interruptions to one person a day, in turn.",
      "Hire only for the skill whose tasks wait longest, and check again when {figure} has halved.",
    ],
  },
  {
    name: "budget",
    keywords: ["budget", "startup", "spend", "save money", "month over month", "pay", "cost"],
    savingPercent: 19,
    advice: [
      "List every cost by owner and usage, and cancel what was not used for sixty days.",
      "Set a budget per team, with an alert at 80 percent and a hard limit where that is safe.",
      "Ask the three largest vendors for a yearly price, and compare one alternative for each.",
      "Tie each further spend to a number that it should move, and review it monthly.",
      "Forecast the growth of {figure} for six months, and decide today at which point you act.",
    ],
  },
];
