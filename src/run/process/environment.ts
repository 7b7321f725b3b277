// The environment of a process that runs user code.

/** What programs need in order to run at all; anything else may be a secret. */
const HARMLESS =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_\w+|TZ|TERM|TMPDIR|TEMP|TMP|PWD|NODE_\w+|NO_COLOR|SYSTEMROOT|WINDIR|COMSPEC|APPDATA|USERPROFILE)$/i;

/** Removes all variables except harmless ones. */
export function withoutOwnEnvironment(env: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(env)) if (!HARMLESS.test(name)) delete env[name];
}
