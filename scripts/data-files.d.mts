// Types of data-files.mjs, for the tests.
export function copyDataFiles(from: string, to: string): void;
