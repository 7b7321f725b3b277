// Counts resent requests, and reports the first, tenth and hundredth: each hides a closed connection.

/** @param count counts it among the errors of the second */
export function resendNotes(count: (cause: string) => void, note: (text: string) => void): () => void {
  let resent = 0;
  return () => {
    count("request_resent");
    resent++;
    if (!/^10*$/.test(String(resent))) return;
    const requests = resent === 1 ? "a request was" : `${resent} requests were`;
    note(
      `${requests} sent again, as browsers do: the server closed a connection that it had kept open just as the request went out`,
    );
  };
}
