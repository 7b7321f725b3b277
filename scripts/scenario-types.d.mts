// Types of scenario-types.mjs for the tests.
export function scenarioTypes(): Promise<string>;
