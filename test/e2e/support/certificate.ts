// A self-signed certificate for loopback, made afresh for each test.
import { generate } from "selfsigned";

/** PEM texts; valid for a day. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

export async function selfSigned(): Promise<Certificate> {
  const subject = [{ name: "commonName", value: "127.0.0.1" }];
  const { private: key, cert } = await generate(subject, {
    keyType: "ec",
    algorithm: "sha256",
    notAfterDate: new Date(Date.now() + 24 * 3600 * 1000),
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 7, ip: "127.0.0.1" },
          { type: 2, value: "localhost" },
        ],
      },
    ],
  });
  return { key, cert };
}
