// Types of bundle-pages.mjs, for the configuration of the tests.
export function bundlePages(): Readonly<Record<string, string>>;
export function writePages(compiled: string): void;
