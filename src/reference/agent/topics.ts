// The business topics that the embedded model knows, each with recommendations that can be acted on.

export interface Topic {
  readonly name: string;
  readonly keywords: readonly string[];
  /** Saving in percent that the cost model is asked for. */
  readonly savingPercent: number;
  /** Each starts with a verb and says what to do; `{figure}` is replaced by the prompt's main figure. */
  readonly advice: readonly string[];
}

const TOPICS: readonly Topic[] = [
  {
    name: "model spend",
    keywords: ["model", "token", "tokens", "llm", "prompt", "prompts", "inference", "api cost", "openai"],
    savingPercent: 22,
    advice: [
      "Route simple requests to a smaller model and keep the large one for the hard tenth; measure quality on a fixed sample first.",
      "Cache answers to repeated prompts for a day, keyed by the normalised prompt, and watch the hit rate weekly.",
      "Trim system prompts and retrieved context: count input tokens for each feature and set a budget per call.",
      "Set an alert at 80 percent of {figure} so that a runaway job is stopped before the month ends.",
    ],
  },
  {
    name: "latency",
    keywords: [
      "latency",
      "slow",
      "p95",
      "p99",
      "response time",
      "milliseconds",
      "timeout",
      "timeouts",
      "faster",
    ],
    savingPercent: 30,
    advice: [
      "Trace one slow request end to end and rank its spans; fix the largest span before anything else.",
      "Run independent calls at the same time instead of one after another, with a deadline for each.",
      "Keep connections open to the database and the model, since each new handshake costs a round trip.",
      "Define a p95 target beside {figure} and fail the release when a change exceeds it.",
    ],
  },
  {
    name: "slow queries",
    keywords: ["query", "queries", "sql", "index", "indexes", "database", "postgres", "table", "tables"],
    savingPercent: 35,
    advice: [
      "List the ten statements with the highest total time and read their plans for full scans.",
      "Add an index that matches the filter and then the sort order, and drop the ones that nothing uses.",
      "Fetch pages by key instead of a growing offset, and select only the columns that are shown.",
      "Archive rows older than a year, so that {figure} stays small enough to fit in memory.",
    ],
  },
  {
    name: "caching",
    keywords: ["cache", "caching", "hit rate", "redis", "cdn", "ttl"],
    savingPercent: 28,
    advice: [
      "Measure the hit rate by key family and remove the families that are below 30 percent.",
      "Give each family a time to live that follows how often its source changes, plus jitter against stampedes.",
      "Let one request refresh an expired entry while the others are served the old one.",
      "Size the memory from the working set behind {figure}, not from the whole data set.",
    ],
  },
  {
    name: "cloud bill",
    keywords: [
      "cloud",
      "aws",
      "bill",
      "infrastructure",
      "instances",
      "servers",
      "storage",
      "kubernetes",
      "hosting",
    ],
    savingPercent: 24,
    advice: [
      "Tag every resource with its team and review the untagged ones first, since they hide most of the waste.",
      "Move the steady base load to one-year commitments and leave only the peaks on demand.",
      "Right-size instances that stay below 30 percent of their CPU for two weeks.",
      "Delete unattached disks and old snapshots monthly, and compare the result with {figure}.",
    ],
  },
  {
    name: "capacity",
    keywords: [
      "capacity",
      "scale",
      "scaling",
      "peak",
      "traffic",
      "users",
      "requests per second",
      "load",
      "throughput",
    ],
    savingPercent: 20,
    advice: [
      "Find the limit by raising load in steps until the p95 doubles, and write that number down.",
      "Keep 30 percent of headroom above the highest peak of the last quarter.",
      "Scale on queue length rather than on CPU, because it reacts before users notice.",
      "Rehearse a day with twice {figure} before the season starts, with a clear rollback.",
    ],
  },
  {
    name: "customer churn",
    keywords: ["churn", "retention", "cancel", "cancellations", "renewal", "subscribers", "customers leave"],
    savingPercent: 15,
    advice: [
      "Split churn by plan and by month of signup to see where the loss really sits.",
      "Call twenty customers who left last month and sort their reasons into three groups.",
      "Watch the first week: send help when a new customer has not reached the first result by day three.",
      "Offer a pause instead of a cancellation, and measure how many of {figure} come back.",
    ],
  },
  {
    name: "cash flow",
    keywords: ["cash", "cash flow", "invoice", "invoices", "runway", "receivables", "payment terms", "burn"],
    savingPercent: 12,
    advice: [
      "Forecast thirteen weeks ahead and update the forecast every Monday with what was really paid.",
      "Send invoices on the day of delivery and remind three days before they are due.",
      "Agree on longer terms with the five largest suppliers before you need them.",
      "Keep a reserve for two months of {figure} and decide now what stops when it is touched.",
    ],
  },
  {
    name: "support workload",
    keywords: ["support", "ticket", "tickets", "helpdesk", "agents answer", "first response"],
    savingPercent: 25,
    advice: [
      "Group last month's tickets by cause and fix the largest cause in the product.",
      "Answer the ten most frequent questions in the help centre and link them from the form.",
      "Hand routine requests to the assistant with a clear way to a person.",
      "Review a weekly sample of {figure} for tone and for cases that were reopened.",
    ],
  },
  {
    name: "marketing and sales",
    keywords: [
      "marketing",
      "sales",
      "conversion",
      "campaign",
      "leads",
      "funnel",
      "pricing",
      "revenue",
      "margin",
    ],
    savingPercent: 14,
    advice: [
      "Rank channels by cost per paying customer and move a tenth of the money from the worst to the best.",
      "Shorten the signup to the fields that are needed on the first day.",
      "Run one price experiment at a time for two full billing cycles.",
      "Report the margin beside {figure} every week, so that growth does not hide losses.",
    ],
  },
  {
    name: "security and compliance",
    keywords: ["security", "compliance", "audit", "gdpr", "access", "incident", "encryption", "breach"],
    savingPercent: 10,
    advice: [
      "Review who has access to production and remove what was not used for ninety days.",
      "Rotate keys automatically and keep them out of code and of logs.",
      "Rehearse one incident per quarter with the people who would be on call.",
      "Record each access to the records behind {figure}, and sample the log monthly.",
    ],
  },
];

const GENERAL: Topic = {
  name: "operations",
  keywords: [],
  savingPercent: 18,
  advice: [
    "Write down the one number that should move, who owns it and by when.",
    "Measure the present state for a week before changing anything, so that the effect can be proven.",
    "Change one thing at a time, beginning with the cheapest, and keep a way back.",
    "Review the result against {figure} after thirty days and drop what did not help.",
  ],
};

/** The first of the topic's keywords that the text contains; the topic's last word when there is none. */
export function keywordOf(topic: Topic, text: string): string {
  const lower = text.toLowerCase();
  return topic.keywords.find((keyword) => lower.includes(keyword)) ?? topic.name.split(" ").at(-1) ?? "";
}

/** The topic with the most keywords in the text; the general one when none occurs. */
export function topicOf(text: string): Topic {
  const lower = ` ${text.toLowerCase().replace(/[^a-z0-9 ]+/g, " ")} `;
  let best = GENERAL;
  let bestScore = 0;
  for (const topic of TOPICS) {
    const score = topic.keywords.filter((keyword) => lower.includes(` ${keyword} `)).length;
    if (score > bestScore) [best, bestScore] = [topic, score];
  }
  return best;
}
