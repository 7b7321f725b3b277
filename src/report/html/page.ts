// Renders report.html: the whole run in one file, without network requests.
import type { ReportDetails } from "../../model/report/details.js";
import type { RunReport } from "../../model/report/report.js";
import { lookOf, marked } from "../text/states.js";
import { pageData } from "./data.js";
import { pageDocument, sectionMarkup } from "./document.js";
import { html } from "./markup.js";
import { accessSections } from "./sections/access.js";
import { banner, invalidReasons } from "./sections/banner.js";
import { breakdownSection } from "./sections/breakdown.js";
import { extensionsSection } from "./sections/extensions.js";
import { failuresSection } from "./sections/failures.js";
import { faultsSection } from "./sections/faults.js";
import {
  checksSection,
  findingsSection,
  notCheckedSection,
  unrecognisedSection,
} from "./sections/findings.js";
import { anomaliesSection, failedRequestsSection, ledgerSection } from "./sections/ledger.js";
import { clockSection, factsSection, generatorSection, metricsSection } from "./sections/machine.js";
import { latencySection, loadSection, spectrumSection, turnsSection } from "./sections/plots.js";
import type { Section } from "./sections/section.js";
import { serverSection } from "./sections/server.js";
import { slaSection } from "./sections/sla.js";
import { trendsSection } from "./sections/trends.js";

export function renderHtml(report: RunReport, details: ReportDetails): string {
  const failures = failuresSection(report, details.keptTurns);
  const failed = failures.map(sectionMarkup);
  const reasons = invalidReasons(report);
  const sections = runSections(report, details);
  return pageDocument({
    page: "run",
    title: `${marked(report.verdict)} · ${report.scenario.name}`,
    badge: lookOf(report.verdict),
    header: banner(report, details.links),
    lead: html`${report.verdict === "FAIL" ? [...failed, reasons] : [reasons, ...failed]}`,
    sections,
    linked: [...failures, ...sections],
    footer: html`${report.tool.version} · run ${report.runId} · seed ${report.seed}`,
    data: pageData(report, details),
  });
}

function runSections(report: RunReport, details: ReportDetails): Section[] {
  return [
    slaSection(report),
    loadSection(report),
    latencySection(report),
    ...serverSection(report),
    spectrumSection(details),
    ...breakdownSection(report),
    ...faultsSection(report),
    ...trendsSection(report),
    ledgerSection(report),
    anomaliesSection(report),
    ...failedRequestsSection(report),
    checksSection(report),
    findingsSection(report, details.keptTurns),
    ...accessSections(report),
    notCheckedSection(report),
    unrecognisedSection(report),
    generatorSection(report),
    clockSection(report),
    turnsSection(details),
    ...extensionsSection(report),
    metricsSection(report),
    factsSection(report),
  ];
}
