import { fileURLToPath } from 'node:url';
import {
  type Client,
  type ClientReadableStream,
  credentials,
  loadPackageDefinition,
  type ServiceError,
} from '@grpc/grpc-js';
import { load, type MessageTypeDefinition } from '@grpc/proto-loader';

/** A message as @grpc/proto-loader gives it: plain fields, bytes as Buffer, 64-bit numbers as decimal strings. */
export type Message = Record<string, unknown>;

/** A gRPC client that knows nothing of ours but the .proto files. */
export interface GrpcClient {
  call(method: string, request: Message): Promise<Message>;
  /** The answer's bytes as they came. */
  callRaw(method: string, request: Message): Promise<Buffer>;
  /** Sends these bytes in the place of a message. */
  callGarbage(method: string, bytes: Buffer): Promise<Message>;
  stream(method: string, request: Message): ClientReadableStream<Message>;
  /** The Reject detail of an error that a call gave; fails for any other error. */
  rejectOf(error: unknown): Message;
  close(): void;
}

const protoDirectory = fileURLToPath(new URL('../../../../packages/rpc/proto', import.meta.url));

export async function createGrpcClient(url: string): Promise<GrpcClient> {
  const definition = await load('fastpay/v1/validator.proto', {
    includeDirs: [protoDirectory],
    keepCase: true,
    defaults: true,
    longs: String,
    enums: String,
    oneofs: true,
  });
  const { fastpay } = loadPackageDefinition(definition) as unknown as Root;
  const { ValidatorService } = fastpay.v1;
  const client = new ValidatorService(new URL(url).host, credentials.createInsecure());
  function definitionOf(method: string): MethodDefinition {
    const found = ValidatorService.service[method];
    if (!found) throw new Error(`no method ${method}`);
    return found;
  }
  return {
    call: (method, request) =>
      new Promise((resolve, reject) => {
        client[method]?.(request, (error, answer) => (error ? reject(error) : resolve(answer)));
      }),
    callRaw: (method, request) =>
      new Promise((resolve, reject) => {
        const { path, requestSerialize } = definitionOf(method);
        client.makeUnaryRequest(
          path,
          requestSerialize,
          (bytes: Buffer) => bytes,
          request,
          (error, answer) => (error ? reject(error) : resolve(answer as Buffer)),
        );
      }),
    callGarbage: (method, garbage) =>
      new Promise((resolve, reject) => {
        const { path } = definitionOf(method);
        const same = (bytes: Buffer) => bytes;
        client.makeUnaryRequest(path, same, same, garbage, (error) => (error ? reject(error) : resolve({})));
      }),
    stream: (method, request) => client[method]?.(request) as ClientReadableStream<Message>,
    rejectOf(error) {
      const [status] = (error as ServiceError).metadata.get('grpc-status-details-bin');
      const reject = definition['fastpay.v1.Reject'] as MessageTypeDefinition<Message, Message> | undefined;
      if (!Buffer.isBuffer(status) || !reject) throw error;
      // google.rpc.Status: details is field 3, each an Any whose value is field 2.
      const [detail] = delimitedFields(status, 3);
      const [value] = detail ? delimitedFields(detail, 2) : [];
      if (!value) throw error;
      return reject.deserialize(value);
    },
    close: () => client.close(),
  };
}

interface Root {
  readonly fastpay: { readonly v1: { readonly ValidatorService: StubConstructor } };
}

interface StubConstructor {
  new (...options: unknown[]): Client & Record<string, Method | undefined>;
  readonly service: Readonly<Record<string, MethodDefinition>>;
}

interface MethodDefinition {
  readonly path: string;
  readonly requestSerialize: (message: Message) => Buffer;
}

type Method = (request: Message, answered?: (error: ServiceError | null, answer: Message) => void) => unknown;

/** The length-delimited fields of that number in a protobuf message. */
function delimitedFields(message: Buffer, number: number): Buffer[] {
  const found: Buffer[] = [];
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = message[at++] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const lengthOrValue = varint();
    if ((tag & 7) !== 2) continue;
    if (tag >> 3 === number) found.push(message.subarray(at, at + lengthOrValue));
    at += lengthOrValue;
  }
  return found;
}
