// Defects of speed: each stage slowed beyond its limit, so often that its percentile breaks.
import type { Row } from "../row.js";

export const SLA: readonly Row[] = [
  {
    scenario: "message-processing-sla",
    wrong: "messages are picked up late",
    defect: "slow-processing",
    params: { ms: 6000 },
    count: 40,
    from: "hold",
    finds: ["violations message.processing"],
    short: { count: 3, change: { sla: { "message.processing": "max < 5s" } } },
  },
  {
    scenario: "event-delivery-timing",
    wrong: "events reach the wire late",
    defect: "slow-delivery",
    params: { ms: 1500, kind: "agent_completed" },
    count: 12,
    from: "hold",
    finds: ["violations event.delivery"],
    short: { count: 3, params: { ms: 3500 }, change: { sla: { "event.delivery": "max < 3s" } } },
  },
  {
    scenario: "search-performance",
    wrong: "searches are slow",
    defect: "slow-search",
    params: { ms: 400 },
    count: 40,
    from: "hold",
    finds: ["violations search.query"],
    short: {
      count: 3,
      params: { ms: 3500 },
      change: { sla: { "search.query": "max < 3s" } },
      together: "slow",
    },
  },
  {
    scenario: "search-performance",
    wrong: "pages of the history are slow",
    defect: "slow-history",
    params: { ms: 400 },
    count: 40,
    from: "hold",
    finds: ["violations history.query"],
    short: {
      count: 3,
      params: { ms: 3500 },
      change: { sla: { "history.query": "max < 3s" } },
      together: "slow",
    },
  },
];
