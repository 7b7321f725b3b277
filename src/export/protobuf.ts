// Encodes OTLP's JSON as protobuf, which every receiver accepts, by a table of the fields that are sent.
//
// The table follows opentelemetry-proto 1.x (common, resource, metrics, trace and their services). An unknown
// field is a bug and throws, so that nothing is silently left out.

type Kind = "text" | "hex" | "flag" | "varint" | "fixed64" | "double" | "fixed64s" | "doubles";
type Field = readonly [number: number, kind: Kind | Message];
interface Message {
  readonly [field: string]: Field;
}

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;

const ANY_VALUE: Message = { stringValue: [1, "text"], boolValue: [2, "flag"], intValue: [3, "varint"] };
const KEY_VALUE: Message = { key: [1, "text"], value: [2, ANY_VALUE] };
const RESOURCE: Message = { attributes: [1, KEY_VALUE] };
const SCOPE: Message = { name: [1, "text"], version: [2, "text"] };
const TIMES: Message = { startTimeUnixNano: [2, "fixed64"], timeUnixNano: [3, "fixed64"] };
const NUMBER_POINT: Message = {
  ...TIMES,
  asDouble: [4, "double"],
  asInt: [6, "fixed64"],
  attributes: [7, KEY_VALUE],
};
const HISTOGRAM_POINT: Message = {
  ...TIMES,
  count: [4, "fixed64"],
  sum: [5, "double"],
  bucketCounts: [6, "fixed64s"],
  explicitBounds: [7, "doubles"],
  attributes: [9, KEY_VALUE],
  min: [11, "double"],
  max: [12, "double"],
};
const METRIC: Message = {
  name: [1, "text"],
  description: [2, "text"],
  unit: [3, "text"],
  gauge: [5, { dataPoints: [1, NUMBER_POINT] }],
  sum: [
    7,
    { dataPoints: [1, NUMBER_POINT], aggregationTemporality: [2, "varint"], isMonotonic: [3, "flag"] },
  ],
  histogram: [9, { dataPoints: [1, HISTOGRAM_POINT], aggregationTemporality: [2, "varint"] }],
};
const EVENT: Message = { timeUnixNano: [1, "fixed64"], name: [2, "text"], attributes: [3, KEY_VALUE] };
const SPAN: Message = {
  traceId: [1, "hex"],
  spanId: [2, "hex"],
  parentSpanId: [4, "hex"],
  name: [5, "text"],
  kind: [6, "varint"],
  startTimeUnixNano: [7, "fixed64"],
  endTimeUnixNano: [8, "fixed64"],
  attributes: [9, KEY_VALUE],
  events: [11, EVENT],
  status: [15, { message: [2, "text"], code: [3, "varint"] }],
};
const within = (field: string, message: Message): Message => ({
  scope: [1, SCOPE],
  [field]: [2, message],
  schemaUrl: [3, "text"],
});
const below = (field: string, message: Message): Message => ({
  resource: [1, RESOURCE],
  [field]: [2, message],
  schemaUrl: [3, "text"],
});
/** The messages of a request. */
const REQUEST: Message = {
  resourceMetrics: [1, below("scopeMetrics", within("metrics", METRIC))],
  resourceSpans: [1, below("scopeSpans", within("spans", SPAN))],
};

/** @param request the body in OTLP's JSON mapping */
export function protobufOf(request: object): Uint8Array {
  const bytes: number[] = [];
  writeMessage(bytes, request, REQUEST);
  return Uint8Array.from(bytes);
}

function writeMessage(into: number[], value: object, message: Message): void {
  for (const [name, held] of Object.entries(value)) {
    if (held === undefined) continue;
    const field = message[name];
    if (!field) throw new Error(`no field ${name} in this message of OTLP`);
    const [number, kind] = field;
    if (typeof kind === "string") writeField(into, number, kind, held);
    else {
      for (const one of Array.isArray(held) ? held : [held]) {
        const inner: number[] = [];
        writeMessage(inner, one as object, kind);
        writeBytes(into, number, inner);
      }
    }
  }
}

function writeField(into: number[], number: number, kind: Kind, held: unknown): void {
  switch (kind) {
    case "text":
      writeBytes(into, number, Buffer.from(String(held)));
      break;
    case "hex":
      writeBytes(into, number, Buffer.from(String(held), "hex"));
      break;
    case "flag":
      writeTag(into, number, VARINT);
      into.push(held === true ? 1 : 0);
      break;
    case "varint":
      writeTag(into, number, VARINT);
      writeVarint(into, BigInt(String(held)));
      break;
    case "fixed64":
    case "double":
      writeTag(into, number, FIXED64);
      into.push(...eightBytes(kind, held));
      break;
    case "fixed64s":
    case "doubles": {
      const each = kind === "doubles" ? "double" : "fixed64";
      const packed = (held as readonly unknown[]).flatMap((one) => [...eightBytes(each, one)]);
      writeBytes(into, number, packed);
    }
  }
}

function eightBytes(kind: "fixed64" | "double", held: unknown): Buffer {
  const bytes = Buffer.alloc(8);
  if (kind === "double") bytes.writeDoubleLE(Number(held));
  else bytes.writeBigInt64LE(BigInt(String(held)));
  return bytes;
}

function writeBytes(
  into: number[],
  number: number,
  bytes: Iterable<number> & { readonly length: number },
): void {
  writeTag(into, number, BYTES);
  writeVarint(into, BigInt(bytes.length));
  for (const byte of bytes) into.push(byte);
}

function writeTag(into: number[], number: number, wireType: number): void {
  writeVarint(into, BigInt((number << 3) | wireType));
}

/** Seven bits per byte, least significant first; negative numbers as 64-bit two's complement. */
function writeVarint(into: number[], value: bigint): void {
  let rest = BigInt.asUintN(64, value);
  while (rest > 127n) {
    into.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  into.push(Number(rest));
}
