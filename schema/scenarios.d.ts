// Made from scenarios.schema.json by `npm run schema`: do not change it by hand.

/**
 * Where the users' accounts come from
 */
export type Accounts =
  | {
      /**
       * Address of each account; {n} is the user's number, {run} the run's id, {org} its organisation
       */
      pattern: string;
      /**
       * Password of all accounts; keep it in the environment
       */
      password: string;
      /**
       * Register the accounts before use; default true on loopback, else false
       */
      register?: boolean | string;
    }
  | {
      /**
       * CSV file with the columns email and password (and organisation), next to the scenario file
       */
      file: string;
      /**
       * Register the accounts before use; default true on loopback, else false
       */
      register?: boolean | string;
    }
  | {
      /**
       * File with one access token per line, next to the scenario file
       */
      tokens: string;
    };
export type Paths = string | string[];
/**
 * All of these conditions
 *
 * @minItems 1
 */
export type _Schema0 = Condition[];
export type _Schema1 = Journey;
/**
 * The steps that one simulated user takes, in order
 *
 * @minItems 1
 */
export type Journey = (
  | "connect"
  | "login"
  | "logout"
  | "send"
  | "burst"
  | "dialogue"
  | "stop"
  | "approve"
  | "reject"
  | "answer"
  | "leave-waiting"
  | "history"
  | "page"
  | "search"
  | "probe"
  | "expired-token"
  | "delete-thread"
  | "observe"
  | {
      /**
       * open a channel, and a thread to talk in
       */
      connect: {
        /**
         * Threads that the user opens
         */
        threads?: number;
      };
    }
  | {
      /**
       * log in again (the first login belongs to the prepare phase)
       */
      login: {};
    }
  | {
      /**
       * log out, log in with the account again, and open a new channel
       */
      logout: {};
    }
  | {
      /**
       * send one message and follow its turn to the end
       */
      send: {
        /**
         * A prompt of the library, or mix for a random one
         */
        prompt?: string;
        /**
         * Draw the mix only from light, medium or heavy prompts
         */
        weight?: "light" | "medium" | "heavy";
        /**
         * Which of the user's threads, from 1
         */
        thread?: number;
        /**
         * How the turn should end; an expected error counts as right
         */
        expect?: "completed" | "error" | "rejected";
        /**
         * Ask what all users ask: the same figures, alternating between the prompt's wordings
         */
        same?: boolean;
        /**
         * Include a made-up record in the message that looks sensitive
         */
        record?: boolean;
      };
    }
  | {
      /**
       * send several messages without waiting in between, then follow all to their ends
       */
      burst: {
        /**
         * Number of messages
         */
        messages?: number;
        /**
         * A prompt of the library, or mix for a random one
         */
        prompt?: string;
        /**
         * Draw the mix only from light, medium or heavy prompts
         */
        weight?: "light" | "medium" | "heavy";
        /**
         * Which of the user's threads, from 1
         */
        thread?: number;
        /**
         * How the turns should end
         */
        expect?: "completed" | "error" | "rejected";
        /**
         * Wait for the end of all; false leaves them open
         */
        wait?: boolean;
      };
    }
  | {
      /**
       * state a fact, use it, change it, ask again; ask in another thread, and for a fact that only others stated
       */
      dialogue: {
        /**
         * Which of the user's threads, from 1; the next is asked, too
         */
        thread?: number;
      };
    }
  | {
      /**
       * send one message and stop its turn
       */
      stop: {
        /**
         * When: after this time, at the first text of the answer, or at the first event of that kind
         */
        after?: ("text" | "agent_started" | "agent_thinking" | "tool_executing" | "tool_completed") | (string | 0);
        /**
         * A prompt of the library, or mix for a random one
         */
        prompt?: string;
        /**
         * Draw the mix only from light, medium or heavy prompts
         */
        weight?: "light" | "medium" | "heavy";
        /**
         * Which of the user's threads, from 1
         */
        thread?: number;
      };
    }
  | {
      /**
       * approve the agent's request, and follow the turn to its end
       */
      approve: {
        /**
         * Whose decision: the user's own, or another user's, which the service must refuse
         */
        by?: "self" | "other";
      };
    }
  | {
      /**
       * reject the agent's request, and follow the turn to its end
       */
      reject: {
        /**
         * Whose decision: the user's own, or another user's, which the service must refuse
         */
        by?: "self" | "other";
      };
    }
  | {
      /**
       * answer the agent's question, and follow the turn to its end
       */
      answer: {
        /**
         * Whose decision: the user's own, or another user's, which the service must refuse
         */
        by?: "self" | "other";
        /**
         * Text of the answer
         */
        text?: string;
      };
    }
  | {
      /**
       * leave the agent's request undecided: the turn ends as waiting
       */
      "leave-waiting": {};
    }
  | {
      /**
       * read the newest page of the thread
       */
      history: {
        /**
         * Messages per page
         */
        limit?: number;
        /**
         * Which of the user's threads, from 1
         */
        thread?: number;
      };
    }
  | {
      /**
       * read the whole thread page by page, and verify that everything is there once
       */
      page: {
        /**
         * Messages per page
         */
        limit?: number;
        /**
         * Oldest or newest first
         */
        order?: "asc" | "desc";
        /**
         * Which of the user's threads, from 1
         */
        thread?: number;
      };
    }
  | {
      /**
       * search the user's own messages, and verify the hits
       */
      search: {
        /**
         * A word, or nonce for what identifies one of the user's own completed turns
         */
        text?: string;
        /**
         * Only messages of this role
         */
        role?: "user" | "assistant";
        /**
         * Only this one of the user's threads, from 1
         */
        thread?: number;
        /**
         * Hits per page
         */
        limit?: number;
        /**
         * Most pages to read
         */
        pages?: number;
      };
    }
  | {
      /**
       * try what must be refused: others' threads, and anything without a valid token
       */
      probe: {
        /**
         * As whom: another user, one of another organisation, or without a valid token
         */
        as?:
          | ("other-user" | "other-organisation" | "nobody" | "garbage" | "forged" | "unsigned")
          | ("other-user" | "other-organisation" | "nobody" | "garbage" | "forged" | "unsigned")[];
        /**
         * What is tried: reading, searching or deleting a thread, listing or creating threads, the socket
         */
        what?:
          | ("history" | "search" | "threads" | "create" | "delete" | "socket")
          | ("history" | "search" | "threads" | "create" | "delete" | "socket")[];
        /**
         * Most attempts per pass; the next pass continues with the following ones
         */
        attempts?: number;
      };
    }
  | {
      /**
       * hold a socket open past its token's expiry, then try every endpoint with the expired token
       */
      "expired-token": {
        /**
         * How many users take the step, the first by number; default: all
         */
        users?: number;
        /**
         * Lifetime of the requested token
         */
        life?: string | 0;
        /**
         * Longest time to wait for a token's expiry
         */
        wait?: string | 0;
        /**
         * How long a socket may stay open after its token's expiry
         */
        grace?: string | 0;
      };
    }
  | {
      /**
       * talk in a thread, delete it, and look for it in history, list, search and socket
       */
      "delete-thread": {
        /**
         * How many users take the step, the first by number; default: all
         */
        users?: number;
      };
    }
  | {
      /**
       * send a request below the target's url, check the answer, keep values of it
       */
      http: {
        /**
         * Its name in messages; by default method and path
         */
        name?: string;
        /**
         * HTTP method
         */
        method?: "GET" | "POST" | "PUT" | "DELETE";
        /**
         * Below the target's url, such as /api/projects/{kept.project}
         */
        path: string;
        /**
         * Headers besides `authorization: Bearer {token}`, which a header of that name replaces
         */
        headers?: {
          [k: string]: string;
        };
        /**
         * Sent as JSON; a text is sent as it is
         */
        body?: {
          [k: string]: unknown;
        };
        /**
         * Expected status; by default any 2xx
         */
        status?: number | number[];
        /**
         * What the answer must contain, by path: status: ready
         */
        values?: {
          [k: string]: string | number | boolean | null;
        };
        /**
         * Values for later steps, by path: used as {kept.NAME}
         */
        keep?: {
          [k: string]: string;
        };
      };
    }
  | {
      /**
       * repeat a request below the target's url until its answer is as expected
       */
      "wait-for": {
        /**
         * Time between two requests
         */
        every?: string | 0;
        /**
         * How long the user waits
         */
        timeout?: string | 0;
        /**
         * Its name in messages; by default method and path
         */
        name?: string;
        /**
         * HTTP method
         */
        method?: "GET" | "POST" | "PUT" | "DELETE";
        /**
         * Below the target's url, such as /api/projects/{kept.project}
         */
        path: string;
        /**
         * Headers besides `authorization: Bearer {token}`, which a header of that name replaces
         */
        headers?: {
          [k: string]: string;
        };
        /**
         * Sent as JSON; a text is sent as it is
         */
        body?: {
          [k: string]: unknown;
        };
        /**
         * Expected status; by default any 2xx
         */
        status?: number | number[];
        /**
         * What the answer must contain, by path: status: ready
         */
        values?: {
          [k: string]: string | number | boolean | null;
        };
        /**
         * Values for later steps, by path: used as {kept.NAME}
         */
        keep?: {
          [k: string]: string;
        };
      };
    }
  | {
      /**
       * wait, like a user who reads and thinks
       */
      think: string;
    }
  | {
      /**
       * wait until an instant that is the same for all users
       */
      barrier:
        | {
            /**
             * The instant, as time since the start of the ramp; once it is past, nobody waits
             */
            at: string | 0;
          }
        | {
            /**
             * The next instant that is a multiple of this after the start of the ramp
             */
            every: string | 0;
          };
    }
  | {
      /**
       * close the channel, stay away for a while, come back; open turns stay the user's
       */
      offline: {
        /**
         * How long the user is away
         */
        for: string | 0;
      };
    }
  | {
      /**
       * only listen: anything that arrives is someone else's, and a leak if it shows whose it is
       */
      observe: {
        /**
         * How long; by default until the load ends
         */
        for?: string | 0;
      };
    }
  | {
      /**
       * repeat the nested steps, a number of times or until the load ends
       */
      loop:
        | _Schema1
        | {
            steps: _Schema1;
            /**
             * How often; absent: until the load ends
             */
            times?: number;
          };
    }
  | `${string}/${string}`
  | {readonly [name: `${string}/${string}`]: unknown}
)[];
/**
 * When it starts, counted from the start of the ramp
 */
export type FaultAt = string | 0;
/**
 * How long it holds
 */
export type FaultFor = string | 0;
/**
 * Repeats at this interval until the load ends
 */
export type FaultEvery = string | 0;
/**
 * Starts up to this much later, drawn from the seed
 */
export type FaultJitter = string | 0;

/**
 * Targets and workloads for gp-load
 */
export interface ScenarioFile {
  /**
   * Version of this file format
   */
  version: 1;
  /**
   * The backends, by name
   */
  targets: {
    [k: string]:
      | {
          /**
           * golden-path: the golden-path contract: REST login and history, five agent events over one WebSocket
           */
          profile?: "golden-path";
          /**
           * The reference backend, started and stopped by the run
           */
          embedded?: boolean | string;
          /**
           * Where the backend is
           */
          url?: string;
          /**
           * Where logins go, if not to url
           */
          authUrl?: string;
          accounts?: Accounts;
          connect?: Connect;
          tls?: Tls;
          /**
           * HTTP proxy for all traffic
           */
          proxy?: string;
          /**
           * Origin header of requests and upgrades
           */
          origin?: string;
          /**
           * Extra headers of every request and upgrade
           */
          headers?: {
            /**
             * Value of the header
             */
            [k: string]: string;
          };
          /**
           * Whether the target's wall clock is this machine's; default unknown, same when embedded
           */
          clock?: "same" | "unknown";
          /**
           * Tell the target the trace of each turn and connection: header `traceparent` (W3C); default true
           */
          trace?: boolean | string;
          /**
           * Where the target tells of itself as Prometheus text
           */
          metrics?:
            | string
            | {
                /**
                 * Page of Prometheus text, read once a second: a path below the target's url, or a whole URL
                 */
                url: string;
                /**
                 * Extra headers of every request and upgrade
                 */
                headers?: {
                  /**
                   * Value of the header
                   */
                  [k: string]: string;
                };
                /**
                 * Gauges that become metrics: server.<name> → series
                 */
                gauges?: {
                  [k: string]:
                    | string
                    | {
                        /**
                         * Name of a series, as the page has it
                         */
                        name: string;
                        /**
                         * Labels that the series must have
                         */
                        labels?: {
                          [k: string]: string;
                        };
                        /**
                         * What several such series come to; default sum
                         */
                        combine?: "sum" | "max";
                      };
                };
                /**
                 * Counters whose growth a second becomes a metric: server.<name> → series
                 */
                counters?: {
                  [k: string]:
                    | string
                    | {
                        /**
                         * Name of a series, as the page has it
                         */
                        name: string;
                        /**
                         * Labels that the series must have
                         */
                        labels?: {
                          [k: string]: string;
                        };
                        /**
                         * What several such series come to; default sum
                         */
                        combine?: "sum" | "max";
                      };
                };
              }[];
          /**
           * Bounds against a misbehaving target
           */
          limits?: {
            /**
             * Largest frame that is accepted; default 1MiB
             */
            frame?: string;
          };
          /**
           * Options of golden-path
           */
          options?: {
            /**
             * Paths of the API, if they differ from the contract
             */
            paths?: {
              /**
               * Registers an account
               */
              register?: string;
              /**
               * Logs in
               */
              login?: string;
              /**
               * Renews a token
               */
              refresh?: string;
              /**
               * Creates threads; with /{id} deletes one
               */
              threads?: string;
              /**
               * Stores past messages, if there is such a call
               */
              import?: string;
              /**
               * One thread's messages; {id} is the thread
               */
              messages?: string;
              /**
               * Search over a user's own messages
               */
              history?: string;
              /**
               * The WebSocket
               */
              socket?: string;
            };
            /**
             * How the upgrade carries the token
             */
            carrier?: "header" | "subprotocol" | "query";
            /**
             * `type` of a message to the agent
             */
            messageType?: string;
            /**
             * When a session is ready: at the welcome frame, at the open socket, or auto: a welcome if one comes
             */
            ready?: "auto" | "welcome" | "open";
            /**
             * Further names of events: name on the wire → kind
             */
            events?: {
              [k: string]:
                | "agent_started"
                | "agent_thinking"
                | "tool_executing"
                | "tool_completed"
                | "agent_completed"
                | "answer_delta"
                | "ack"
                | "waiting"
                | "stopped"
                | "agent_error"
                | "rejected"
                | "welcome"
                | "ping"
                | "pong"
                | "ignored";
            };
            /**
             * Kinds of event that a completed turn must show
             */
            expects?: ("agent_started" | "agent_thinking" | "tool_executing" | "tool_completed" | "agent_completed")[];
            /**
             * Where the answer's text is, first match first
             */
            textFields?: string[];
            /**
             * The backend has a history to read
             */
            history?: boolean;
            /**
             * The backend can search a user's own messages
             */
            search?: boolean;
            /**
             * If the service's clock is unknown, send its own ping, whose timestamped answer gives the offset
             */
            ping?: boolean;
            /**
             * After a reconnect, a message without any reaction is sent again with the same id
             */
            resend?: boolean;
            /**
             * Missed events can be requested after a reconnect; overlap: including the last one seen, to check that replays are marked
             */
            resume?: boolean | "overlap";
            /**
             * Where a message carries the trace of its turn, in addition to the header of the upgrade
             */
            traceparent?: "none" | "frame" | "payload" | "metadata";
            /**
             * Turns can be stopped, and may wait for their user's approval or answer
             */
            control?: boolean;
            /**
             * One turn may start more than once (retries)
             */
            repeatStarted?: boolean;
            /**
             * The agent may think again between tools
             */
            thinkingBetweenTools?: boolean;
            /**
             * Several tools may run at once
             */
            parallelTools?: boolean;
          };
          stores?: Stores;
          /**
           * How accounts log in, by a module under `extensions`
           */
          login?: `${string}/${string}` | {readonly [name: `${string}/${string}`]: unknown};
          /**
           * What a module under `extensions` makes of each frame
           */
          codec?: `${string}/${string}` | {readonly [name: `${string}/${string}`]: unknown};
        }
      | {
          /**
           * generic: any other backend, described in YAML: WebSocket, server-sent events or Socket.IO
           */
          profile: "generic";
          /**
           * The reference backend, started and stopped by the run
           */
          embedded?: boolean | string;
          /**
           * Where the backend is
           */
          url?: string;
          /**
           * Where logins go, if not to url
           */
          authUrl?: string;
          accounts?: Accounts;
          connect?: Connect;
          tls?: Tls;
          /**
           * HTTP proxy for all traffic
           */
          proxy?: string;
          /**
           * Origin header of requests and upgrades
           */
          origin?: string;
          /**
           * Extra headers of every request and upgrade
           */
          headers?: {
            /**
             * Value of the header
             */
            [k: string]: string;
          };
          /**
           * Whether the target's wall clock is this machine's; default unknown, same when embedded
           */
          clock?: "same" | "unknown";
          /**
           * Tell the target the trace of each turn and connection: header `traceparent` (W3C); default true
           */
          trace?: boolean | string;
          /**
           * Where the target tells of itself as Prometheus text
           */
          metrics?:
            | string
            | {
                /**
                 * Page of Prometheus text, read once a second: a path below the target's url, or a whole URL
                 */
                url: string;
                /**
                 * Extra headers of every request and upgrade
                 */
                headers?: {
                  /**
                   * Value of the header
                   */
                  [k: string]: string;
                };
                /**
                 * Gauges that become metrics: server.<name> → series
                 */
                gauges?: {
                  [k: string]:
                    | string
                    | {
                        /**
                         * Name of a series, as the page has it
                         */
                        name: string;
                        /**
                         * Labels that the series must have
                         */
                        labels?: {
                          [k: string]: string;
                        };
                        /**
                         * What several such series come to; default sum
                         */
                        combine?: "sum" | "max";
                      };
                };
                /**
                 * Counters whose growth a second becomes a metric: server.<name> → series
                 */
                counters?: {
                  [k: string]:
                    | string
                    | {
                        /**
                         * Name of a series, as the page has it
                         */
                        name: string;
                        /**
                         * Labels that the series must have
                         */
                        labels?: {
                          [k: string]: string;
                        };
                        /**
                         * What several such series come to; default sum
                         */
                        combine?: "sum" | "max";
                      };
                };
              }[];
          /**
           * Bounds against a misbehaving target
           */
          limits?: {
            /**
             * Largest frame that is accepted; default 1MiB
             */
            frame?: string;
          };
          /**
           * Options of generic
           */
          options?: {
            /**
             * What carries turns: one socket per user, or one stream of server-sent events per turn
             */
            transport?: "websocket" | "sse" | "socket.io";
            login?: Login;
            /**
             * How accounts are registered, if `accounts` asks for it
             */
            register?: {
              request: RequestPostAccount;
              /**
               * Status codes for an account that already exists
               */
              known?: number[];
            };
            /**
             * How a token is renewed with {refreshToken}
             */
            renew?: {
              request: RequestPostSession;
            };
            carry?: Carry;
            /**
             * Keep cookies that responses set and send them back, as a browser does; always on if the token is a cookie
             */
            cookies?: boolean;
            /**
             * The socket, for the transports websocket and socket.io
             */
            socket?: Socket;
            /**
             * How {messages} is built from the thread so far and the new message
             */
            conversation?: {
              /**
               * One message of the conversation: {role} and {text}
               */
              item?: {
                [k: string]: unknown;
              };
              /**
               * Values of {role} for the user and the assistant
               */
              roles?: {
                /**
                 * The user's role
                 */
                user?: string;
                /**
                 * The assistant's role
                 */
                assistant?: string;
              };
              /**
               * How many past messages and answers to repeat, the newest first
               */
              most?: number;
            };
            /**
             * The message as a frame, for the transports websocket and socket.io
             */
            send?: {
              [k: string]: unknown;
            };
            /**
             * Frames sent right after the message, such as one that requests its answer
             *
             * @maxItems 8
             */
            sendThen?: unknown[];
            stream?: Stream;
            control?: Control;
            /**
             * How threads are created, listed and deleted
             */
            threads?: Threads;
            history?: History;
            search?: Search;
            /**
             * Strings that contain JSON: parsed in place, in this order
             */
            parse?: Paths;
            /**
             * What frames mean: the first matching rule decides. A preset's own rules come after these
             */
            events?: Rule[];
            /**
             * Where frames contain their ids
             */
            ids?: {
              /**
               * Id of the run, made by the server
               */
              run?: Paths;
              /**
               * Id of the message, as sent in {messageId}
               */
              message?: Paths;
              /**
               * Id of the request, as sent in {requestId}: replies are matched by it
               */
              request?: Paths;
              /**
               * Id of the thread
               */
              thread?: Paths;
              /**
               * Id of the user that the frame is for
               */
              user?: Paths;
            };
            /**
             * Where the answer's text is, whole or in chunks
             */
            text?: Paths;
            /**
             * When the server sent the frame: seconds, milliseconds, microseconds or ISO 8601
             */
            timestamp?: Paths;
            /**
             * Time zone of timestamps without one: Z, or an offset such as +02:00
             */
            zone?: string;
            /**
             * Sequence number of the event within its run
             */
            seq?: Paths;
            /**
             * True if the frame is sent again after a reconnect
             */
            replayed?: Paths;
            /**
             * Where tool frames name the tool and the call
             */
            tool?: {
              /**
               * Name of the tool
               */
              name?: Paths;
              /**
               * Id of the tool call, which pairs its start and end
               */
              id?: Paths;
              input?: string | string[];
              output?: string | string[];
            };
            /**
             * Where error frames say what is wrong
             */
            error?: {
              /**
               * The error code; one that contains `busy` is a rejection as busy
               */
              code?: Paths;
              /**
               * The error message; without one there, the usual places are searched, such as `error.message`
               */
              text?: Paths;
            };
            /**
             * Usage of a turn, as the backend reports it; nothing is estimated
             */
            usage?: {
              /**
               * Where the usage object is in a frame; by default, the frame itself
               */
              at?: Paths;
              /**
               * Input tokens, including cached ones, within that object
               */
              input?: Paths;
              /**
               * Further input tokens that the one above leaves out: each is added to it, within that object
               */
              apart?: Paths;
              /**
               * Output tokens, including reasoning, within that object
               */
              output?: Paths;
              /**
               * Input tokens that came from a cache, within that object
               */
              cached?: Paths;
              /**
               * Output tokens that are reasoning, within that object
               */
              reasoning?: Paths;
              /**
               * Calls of a model, within that object
               */
              calls?: Paths;
              /**
               * Where the frame names the model, for its price
               */
              model?: Paths;
              /**
               * `each`: every report is for one model call, and they add up; `last`: the last report counts
               */
              reports?: "each" | "last";
            };
            /**
             * Regular expressions for answers that count as errors, such as the placeholder of a service without its model
             */
            canned?: string[];
            /**
             * Kinds of events that a completed turn must have
             */
            expects?: ("agent_started" | "agent_thinking" | "tool_executing" | "tool_completed" | "agent_completed")[];
            /**
             * Allowed exceptions from the usual order of events
             */
            order?: {
              /**
               * One turn may start more than once (retries)
               */
              repeatStarted?: boolean;
              /**
               * The agent may think again between tools
               */
              thinkingBetweenTools?: boolean;
              /**
               * The agent, or another one, may think while a tool runs
               */
              thinkingDuringTools?: boolean;
              /**
               * Several tools may run at once
               */
              parallelTools?: boolean;
            };
            /**
             * Turn ends that no frame marks
             */
            end?: {
              /**
               * Ends a turn after this much silence following its last text: a last resort, since a stalled turn looks complete
               */
              silence?: string | 0;
              /**
               * Outcome of a turn whose stream ends normally after at least one event
               */
              close?: "completed" | "nothing";
              /**
               * Outcome of a turn that ends normally without any answer text
               */
              empty?: "completed" | "failed";
            };
          };
          stores?: Stores;
          /**
           * How accounts log in, by a module under `extensions`
           */
          login?: `${string}/${string}` | {readonly [name: `${string}/${string}`]: unknown};
          /**
           * What a module under `extensions` makes of each frame
           */
          codec?: `${string}/${string}` | {readonly [name: `${string}/${string}`]: unknown};
        }
      | {
          /**
           * netra: the Netra Apex backend: REST and one WebSocket, in all the shapes that its events have had
           */
          profile: "netra";
          /**
           * The reference backend, started and stopped by the run
           */
          embedded?: boolean | string;
          /**
           * Where the backend is
           */
          url?: string;
          /**
           * Where logins go, if not to url
           */
          authUrl?: string;
          accounts?: Accounts;
          connect?: Connect;
          tls?: Tls;
          /**
           * HTTP proxy for all traffic
           */
          proxy?: string;
          /**
           * Origin header of requests and upgrades
           */
          origin?: string;
          /**
           * Extra headers of every request and upgrade
           */
          headers?: {
            /**
             * Value of the header
             */
            [k: string]: string;
          };
          /**
           * Whether the target's wall clock is this machine's; default unknown, same when embedded
           */
          clock?: "same" | "unknown";
          /**
           * Tell the target the trace of each turn and connection: header `traceparent` (W3C); default true
           */
          trace?: boolean | string;
          /**
           * Where the target tells of itself as Prometheus text
           */
          metrics?:
            | string
            | {
                /**
                 * Page of Prometheus text, read once a second: a path below the target's url, or a whole URL
                 */
                url: string;
                /**
                 * Extra headers of every request and upgrade
                 */
                headers?: {
                  /**
                   * Value of the header
                   */
                  [k: string]: string;
                };
                /**
                 * Gauges that become metrics: server.<name> → series
                 */
                gauges?: {
                  [k: string]:
                    | string
                    | {
                        /**
                         * Name of a series, as the page has it
                         */
                        name: string;
                        /**
                         * Labels that the series must have
                         */
                        labels?: {
                          [k: string]: string;
                        };
                        /**
                         * What several such series come to; default sum
                         */
                        combine?: "sum" | "max";
                      };
                };
                /**
                 * Counters whose growth a second becomes a metric: server.<name> → series
                 */
                counters?: {
                  [k: string]:
                    | string
                    | {
                        /**
                         * Name of a series, as the page has it
                         */
                        name: string;
                        /**
                         * Labels that the series must have
                         */
                        labels?: {
                          [k: string]: string;
                        };
                        /**
                         * What several such series come to; default sum
                         */
                        combine?: "sum" | "max";
                      };
                };
              }[];
          /**
           * Bounds against a misbehaving target
           */
          limits?: {
            /**
             * Largest frame that is accepted; default 1MiB
             */
            frame?: string;
          };
          /**
           * Options of netra
           */
          options?: {
            /**
             * What carries turns: one socket per user, or one stream of server-sent events per turn
             */
            transport?: "websocket" | "sse" | "socket.io";
            login?: Login;
            /**
             * How accounts are registered, if `accounts` asks for it
             */
            register?: {
              request: RequestPostAccount;
              /**
               * Status codes for an account that already exists
               */
              known?: number[];
            };
            /**
             * How a token is renewed with {refreshToken}
             */
            renew?: {
              request: RequestPostSession;
            };
            carry?: Carry;
            /**
             * Keep cookies that responses set and send them back, as a browser does; always on if the token is a cookie
             */
            cookies?: boolean;
            /**
             * The socket, for the transports websocket and socket.io
             */
            socket?: Socket;
            /**
             * How {messages} is built from the thread so far and the new message
             */
            conversation?: {
              /**
               * One message of the conversation: {role} and {text}
               */
              item?: {
                [k: string]: unknown;
              };
              /**
               * Values of {role} for the user and the assistant
               */
              roles?: {
                /**
                 * The user's role
                 */
                user?: string;
                /**
                 * The assistant's role
                 */
                assistant?: string;
              };
              /**
               * How many past messages and answers to repeat, the newest first
               */
              most?: number;
            };
            /**
             * The message as a frame, for the transports websocket and socket.io
             */
            send?: {
              [k: string]: unknown;
            };
            /**
             * Frames sent right after the message, such as one that requests its answer
             *
             * @maxItems 8
             */
            sendThen?: unknown[];
            stream?: Stream;
            control?: Control;
            /**
             * How threads are created, listed and deleted
             */
            threads?: Threads;
            history?: History;
            search?: Search;
            /**
             * Strings that contain JSON: parsed in place, in this order
             */
            parse?: Paths;
            /**
             * What frames mean: the first matching rule decides. A preset's own rules come after these
             */
            events?: Rule[];
            /**
             * Where frames contain their ids
             */
            ids?: {
              /**
               * Id of the run, made by the server
               */
              run?: Paths;
              /**
               * Id of the message, as sent in {messageId}
               */
              message?: Paths;
              /**
               * Id of the request, as sent in {requestId}: replies are matched by it
               */
              request?: Paths;
              /**
               * Id of the thread
               */
              thread?: Paths;
              /**
               * Id of the user that the frame is for
               */
              user?: Paths;
            };
            /**
             * Where the answer's text is, whole or in chunks
             */
            text?: Paths;
            /**
             * When the server sent the frame: seconds, milliseconds, microseconds or ISO 8601
             */
            timestamp?: Paths;
            /**
             * Time zone of timestamps without one: Z, or an offset such as +02:00
             */
            zone?: string;
            /**
             * Sequence number of the event within its run
             */
            seq?: Paths;
            /**
             * True if the frame is sent again after a reconnect
             */
            replayed?: Paths;
            /**
             * Where tool frames name the tool and the call
             */
            tool?: {
              /**
               * Name of the tool
               */
              name?: Paths;
              /**
               * Id of the tool call, which pairs its start and end
               */
              id?: Paths;
              input?: string | string[];
              output?: string | string[];
            };
            /**
             * Where error frames say what is wrong
             */
            error?: {
              /**
               * The error code; one that contains `busy` is a rejection as busy
               */
              code?: Paths;
              /**
               * The error message; without one there, the usual places are searched, such as `error.message`
               */
              text?: Paths;
            };
            /**
             * Usage of a turn, as the backend reports it; nothing is estimated
             */
            usage?: {
              /**
               * Where the usage object is in a frame; by default, the frame itself
               */
              at?: Paths;
              /**
               * Input tokens, including cached ones, within that object
               */
              input?: Paths;
              /**
               * Further input tokens that the one above leaves out: each is added to it, within that object
               */
              apart?: Paths;
              /**
               * Output tokens, including reasoning, within that object
               */
              output?: Paths;
              /**
               * Input tokens that came from a cache, within that object
               */
              cached?: Paths;
              /**
               * Output tokens that are reasoning, within that object
               */
              reasoning?: Paths;
              /**
               * Calls of a model, within that object
               */
              calls?: Paths;
              /**
               * Where the frame names the model, for its price
               */
              model?: Paths;
              /**
               * `each`: every report is for one model call, and they add up; `last`: the last report counts
               */
              reports?: "each" | "last";
            };
            /**
             * Regular expressions for answers that count as errors, such as the placeholder of a service without its model
             */
            canned?: string[];
            /**
             * Kinds of events that a completed turn must have
             */
            expects?: ("agent_started" | "agent_thinking" | "tool_executing" | "tool_completed" | "agent_completed")[];
            /**
             * Allowed exceptions from the usual order of events
             */
            order?: {
              /**
               * One turn may start more than once (retries)
               */
              repeatStarted?: boolean;
              /**
               * The agent may think again between tools
               */
              thinkingBetweenTools?: boolean;
              /**
               * The agent, or another one, may think while a tool runs
               */
              thinkingDuringTools?: boolean;
              /**
               * Several tools may run at once
               */
              parallelTools?: boolean;
            };
            /**
             * Turn ends that no frame marks
             */
            end?: {
              /**
               * Ends a turn after this much silence following its last text: a last resort, since a stalled turn looks complete
               */
              silence?: string | 0;
              /**
               * Outcome of a turn whose stream ends normally after at least one event
               */
              close?: "completed" | "nothing";
              /**
               * Outcome of a turn that ends normally without any answer text
               */
              empty?: "completed" | "failed";
            };
            /**
             * How the upgrade carries the token: header works with every version; subprotocol offers jwt.<base64url>, subprotocol-raw jwt.<token>
             */
            carrier?: "header" | "query" | "subprotocol" | "subprotocol-raw";
            /**
             * Shape of a message; versions differ in which of them starts an agent, and acknowledge all
             */
            message?: "start_agent" | "user_message" | "agent_request" | "chat_message";
          };
          stores?: Stores;
          /**
           * How accounts log in, by a module under `extensions`
           */
          login?: `${string}/${string}` | {readonly [name: `${string}/${string}`]: unknown};
          /**
           * What a module under `extensions` makes of each frame
           */
          codec?: `${string}/${string}` | {readonly [name: `${string}/${string}`]: unknown};
        }
      | {
          /**
           * ag-ui: AG-UI 1.0: a run is a POST, its events a stream of server-sent events
           * ai-sdk: the AI SDK's UI message stream v1: a chat is a POST, its parts a stream that ends with [DONE]
           * langgraph: a LangGraph server: a run in a thread is a POST, its events server-sent, its end the end of the stream
           * openai-chat: Chat Completions of OpenAI and of servers like it: a message is a POST, its chunks server-sent
           * openai-realtime: OpenAI's Realtime API in text: a session per socket, an item and a response for each turn
           * a2a: the Agent2Agent protocol 0.3: a turn is message/stream by JSON-RPC, its events server-sent
           * anthropic-messages: Anthropic's Messages API: a message is a POST with stream: true, its events server-sent
           * ollama: Ollama's chat API: a message is a POST, its answer lines of JSON
           */
          profile:
            | "ag-ui"
            | "ai-sdk"
            | "langgraph"
            | "openai-chat"
            | "openai-realtime"
            | "a2a"
            | "anthropic-messages"
            | "ollama";
          /**
           * The reference backend, started and stopped by the run
           */
          embedded?: boolean | string;
          /**
           * Where the backend is
           */
          url?: string;
          /**
           * Where logins go, if not to url
           */
          authUrl?: string;
          accounts?: Accounts;
          connect?: Connect;
          tls?: Tls;
          /**
           * HTTP proxy for all traffic
           */
          proxy?: string;
          /**
           * Origin header of requests and upgrades
           */
          origin?: string;
          /**
           * Extra headers of every request and upgrade
           */
          headers?: {
            /**
             * Value of the header
             */
            [k: string]: string;
          };
          /**
           * Whether the target's wall clock is this machine's; default unknown, same when embedded
           */
          clock?: "same" | "unknown";
          /**
           * Tell the target the trace of each turn and connection: header `traceparent` (W3C); default true
           */
          trace?: boolean | string;
          /**
           * Where the target tells of itself as Prometheus text
           */
          metrics?:
            | string
            | {
                /**
                 * Page of Prometheus text, read once a second: a path below the target's url, or a whole URL
                 */
                url: string;
                /**
                 * Extra headers of every request and upgrade
                 */
                headers?: {
                  /**
                   * Value of the header
                   */
                  [k: string]: string;
                };
                /**
                 * Gauges that become metrics: server.<name> → series
                 */
                gauges?: {
                  [k: string]:
                    | string
                    | {
                        /**
                         * Name of a series, as the page has it
                         */
                        name: string;
                        /**
                         * Labels that the series must have
                         */
                        labels?: {
                          [k: string]: string;
                        };
                        /**
                         * What several such series come to; default sum
                         */
                        combine?: "sum" | "max";
                      };
                };
                /**
                 * Counters whose growth a second becomes a metric: server.<name> → series
                 */
                counters?: {
                  [k: string]:
                    | string
                    | {
                        /**
                         * Name of a series, as the page has it
                         */
                        name: string;
                        /**
                         * Labels that the series must have
                         */
                        labels?: {
                          [k: string]: string;
                        };
                        /**
                         * What several such series come to; default sum
                         */
                        combine?: "sum" | "max";
                      };
                };
              }[];
          /**
           * Bounds against a misbehaving target
           */
          limits?: {
            /**
             * Largest frame that is accepted; default 1MiB
             */
            frame?: string;
          };
          /**
           * Options of ag-ui, ai-sdk, langgraph, openai-chat, openai-realtime, a2a, anthropic-messages, ollama
           */
          options?: {
            /**
             * What carries turns: one socket per user, or one stream of server-sent events per turn
             */
            transport?: "websocket" | "sse" | "socket.io";
            login?: Login;
            /**
             * How accounts are registered, if `accounts` asks for it
             */
            register?: {
              request: RequestPostAccount;
              /**
               * Status codes for an account that already exists
               */
              known?: number[];
            };
            /**
             * How a token is renewed with {refreshToken}
             */
            renew?: {
              request: RequestPostSession;
            };
            carry?: Carry;
            /**
             * Keep cookies that responses set and send them back, as a browser does; always on if the token is a cookie
             */
            cookies?: boolean;
            /**
             * The socket, for the transports websocket and socket.io
             */
            socket?: Socket;
            /**
             * How {messages} is built from the thread so far and the new message
             */
            conversation?: {
              /**
               * One message of the conversation: {role} and {text}
               */
              item?: {
                [k: string]: unknown;
              };
              /**
               * Values of {role} for the user and the assistant
               */
              roles?: {
                /**
                 * The user's role
                 */
                user?: string;
                /**
                 * The assistant's role
                 */
                assistant?: string;
              };
              /**
               * How many past messages and answers to repeat, the newest first
               */
              most?: number;
            };
            /**
             * The message as a frame, for the transports websocket and socket.io
             */
            send?: {
              [k: string]: unknown;
            };
            /**
             * Frames sent right after the message, such as one that requests its answer
             *
             * @maxItems 8
             */
            sendThen?: unknown[];
            stream?: Stream;
            control?: Control;
            /**
             * How threads are created, listed and deleted
             */
            threads?: Threads;
            history?: History;
            search?: Search;
            /**
             * Strings that contain JSON: parsed in place, in this order
             */
            parse?: Paths;
            /**
             * What frames mean: the first matching rule decides. A preset's own rules come after these
             */
            events?: Rule[];
            /**
             * Where frames contain their ids
             */
            ids?: {
              /**
               * Id of the run, made by the server
               */
              run?: Paths;
              /**
               * Id of the message, as sent in {messageId}
               */
              message?: Paths;
              /**
               * Id of the request, as sent in {requestId}: replies are matched by it
               */
              request?: Paths;
              /**
               * Id of the thread
               */
              thread?: Paths;
              /**
               * Id of the user that the frame is for
               */
              user?: Paths;
            };
            /**
             * Where the answer's text is, whole or in chunks
             */
            text?: Paths;
            /**
             * When the server sent the frame: seconds, milliseconds, microseconds or ISO 8601
             */
            timestamp?: Paths;
            /**
             * Time zone of timestamps without one: Z, or an offset such as +02:00
             */
            zone?: string;
            /**
             * Sequence number of the event within its run
             */
            seq?: Paths;
            /**
             * True if the frame is sent again after a reconnect
             */
            replayed?: Paths;
            /**
             * Where tool frames name the tool and the call
             */
            tool?: {
              /**
               * Name of the tool
               */
              name?: Paths;
              /**
               * Id of the tool call, which pairs its start and end
               */
              id?: Paths;
              input?: string | string[];
              output?: string | string[];
            };
            /**
             * Where error frames say what is wrong
             */
            error?: {
              /**
               * The error code; one that contains `busy` is a rejection as busy
               */
              code?: Paths;
              /**
               * The error message; without one there, the usual places are searched, such as `error.message`
               */
              text?: Paths;
            };
            /**
             * Usage of a turn, as the backend reports it; nothing is estimated
             */
            usage?: {
              /**
               * Where the usage object is in a frame; by default, the frame itself
               */
              at?: Paths;
              /**
               * Input tokens, including cached ones, within that object
               */
              input?: Paths;
              /**
               * Further input tokens that the one above leaves out: each is added to it, within that object
               */
              apart?: Paths;
              /**
               * Output tokens, including reasoning, within that object
               */
              output?: Paths;
              /**
               * Input tokens that came from a cache, within that object
               */
              cached?: Paths;
              /**
               * Output tokens that are reasoning, within that object
               */
              reasoning?: Paths;
              /**
               * Calls of a model, within that object
               */
              calls?: Paths;
              /**
               * Where the frame names the model, for its price
               */
              model?: Paths;
              /**
               * `each`: every report is for one model call, and they add up; `last`: the last report counts
               */
              reports?: "each" | "last";
            };
            /**
             * Regular expressions for answers that count as errors, such as the placeholder of a service without its model
             */
            canned?: string[];
            /**
             * Kinds of events that a completed turn must have
             */
            expects?: ("agent_started" | "agent_thinking" | "tool_executing" | "tool_completed" | "agent_completed")[];
            /**
             * Allowed exceptions from the usual order of events
             */
            order?: {
              /**
               * One turn may start more than once (retries)
               */
              repeatStarted?: boolean;
              /**
               * The agent may think again between tools
               */
              thinkingBetweenTools?: boolean;
              /**
               * The agent, or another one, may think while a tool runs
               */
              thinkingDuringTools?: boolean;
              /**
               * Several tools may run at once
               */
              parallelTools?: boolean;
            };
            /**
             * Turn ends that no frame marks
             */
            end?: {
              /**
               * Ends a turn after this much silence following its last text: a last resort, since a stalled turn looks complete
               */
              silence?: string | 0;
              /**
               * Outcome of a turn whose stream ends normally after at least one event
               */
              close?: "completed" | "nothing";
              /**
               * Outcome of a turn that ends normally without any answer text
               */
              empty?: "completed" | "failed";
            };
          };
          stores?: Stores;
          /**
           * How accounts log in, by a module under `extensions`
           */
          login?: `${string}/${string}` | {readonly [name: `${string}/${string}`]: unknown};
          /**
           * What a module under `extensions` makes of each frame
           */
          codec?: `${string}/${string}` | {readonly [name: `${string}/${string}`]: unknown};
        }
      | {
          /**
           * openai-responses: OpenAI's Responses API: a response is a POST with stream: true, its events server-sent
           */
          profile: "openai-responses";
          /**
           * The reference backend, started and stopped by the run
           */
          embedded?: boolean | string;
          /**
           * Where the backend is
           */
          url?: string;
          /**
           * Where logins go, if not to url
           */
          authUrl?: string;
          accounts?: Accounts;
          connect?: Connect;
          tls?: Tls;
          /**
           * HTTP proxy for all traffic
           */
          proxy?: string;
          /**
           * Origin header of requests and upgrades
           */
          origin?: string;
          /**
           * Extra headers of every request and upgrade
           */
          headers?: {
            /**
             * Value of the header
             */
            [k: string]: string;
          };
          /**
           * Whether the target's wall clock is this machine's; default unknown, same when embedded
           */
          clock?: "same" | "unknown";
          /**
           * Tell the target the trace of each turn and connection: header `traceparent` (W3C); default true
           */
          trace?: boolean | string;
          /**
           * Where the target tells of itself as Prometheus text
           */
          metrics?:
            | string
            | {
                /**
                 * Page of Prometheus text, read once a second: a path below the target's url, or a whole URL
                 */
                url: string;
                /**
                 * Extra headers of every request and upgrade
                 */
                headers?: {
                  /**
                   * Value of the header
                   */
                  [k: string]: string;
                };
                /**
                 * Gauges that become metrics: server.<name> → series
                 */
                gauges?: {
                  [k: string]:
                    | string
                    | {
                        /**
                         * Name of a series, as the page has it
                         */
                        name: string;
                        /**
                         * Labels that the series must have
                         */
                        labels?: {
                          [k: string]: string;
                        };
                        /**
                         * What several such series come to; default sum
                         */
                        combine?: "sum" | "max";
                      };
                };
                /**
                 * Counters whose growth a second becomes a metric: server.<name> → series
                 */
                counters?: {
                  [k: string]:
                    | string
                    | {
                        /**
                         * Name of a series, as the page has it
                         */
                        name: string;
                        /**
                         * Labels that the series must have
                         */
                        labels?: {
                          [k: string]: string;
                        };
                        /**
                         * What several such series come to; default sum
                         */
                        combine?: "sum" | "max";
                      };
                };
              }[];
          /**
           * Bounds against a misbehaving target
           */
          limits?: {
            /**
             * Largest frame that is accepted; default 1MiB
             */
            frame?: string;
          };
          /**
           * Options of openai-responses
           */
          options?: {
            /**
             * What carries turns: one socket per user, or one stream of server-sent events per turn
             */
            transport?: "websocket" | "sse" | "socket.io";
            login?: Login;
            /**
             * How accounts are registered, if `accounts` asks for it
             */
            register?: {
              request: RequestPostAccount;
              /**
               * Status codes for an account that already exists
               */
              known?: number[];
            };
            /**
             * How a token is renewed with {refreshToken}
             */
            renew?: {
              request: RequestPostSession;
            };
            carry?: Carry;
            /**
             * Keep cookies that responses set and send them back, as a browser does; always on if the token is a cookie
             */
            cookies?: boolean;
            /**
             * The socket, for the transports websocket and socket.io
             */
            socket?: Socket;
            /**
             * How {messages} is built from the thread so far and the new message
             */
            conversation?: {
              /**
               * One message of the conversation: {role} and {text}
               */
              item?: {
                [k: string]: unknown;
              };
              /**
               * Values of {role} for the user and the assistant
               */
              roles?: {
                /**
                 * The user's role
                 */
                user?: string;
                /**
                 * The assistant's role
                 */
                assistant?: string;
              };
              /**
               * How many past messages and answers to repeat, the newest first
               */
              most?: number;
            };
            /**
             * The message as a frame, for the transports websocket and socket.io
             */
            send?: {
              [k: string]: unknown;
            };
            /**
             * Frames sent right after the message, such as one that requests its answer
             *
             * @maxItems 8
             */
            sendThen?: unknown[];
            stream?: Stream;
            control?: Control;
            /**
             * How threads are created, listed and deleted
             */
            threads?: Threads;
            history?: History;
            search?: Search;
            /**
             * Strings that contain JSON: parsed in place, in this order
             */
            parse?: Paths;
            /**
             * What frames mean: the first matching rule decides. A preset's own rules come after these
             */
            events?: Rule[];
            /**
             * Where frames contain their ids
             */
            ids?: {
              /**
               * Id of the run, made by the server
               */
              run?: Paths;
              /**
               * Id of the message, as sent in {messageId}
               */
              message?: Paths;
              /**
               * Id of the request, as sent in {requestId}: replies are matched by it
               */
              request?: Paths;
              /**
               * Id of the thread
               */
              thread?: Paths;
              /**
               * Id of the user that the frame is for
               */
              user?: Paths;
            };
            /**
             * Where the answer's text is, whole or in chunks
             */
            text?: Paths;
            /**
             * When the server sent the frame: seconds, milliseconds, microseconds or ISO 8601
             */
            timestamp?: Paths;
            /**
             * Time zone of timestamps without one: Z, or an offset such as +02:00
             */
            zone?: string;
            /**
             * Sequence number of the event within its run
             */
            seq?: Paths;
            /**
             * True if the frame is sent again after a reconnect
             */
            replayed?: Paths;
            /**
             * Where tool frames name the tool and the call
             */
            tool?: {
              /**
               * Name of the tool
               */
              name?: Paths;
              /**
               * Id of the tool call, which pairs its start and end
               */
              id?: Paths;
              input?: string | string[];
              output?: string | string[];
            };
            /**
             * Where error frames say what is wrong
             */
            error?: {
              /**
               * The error code; one that contains `busy` is a rejection as busy
               */
              code?: Paths;
              /**
               * The error message; without one there, the usual places are searched, such as `error.message`
               */
              text?: Paths;
            };
            /**
             * Usage of a turn, as the backend reports it; nothing is estimated
             */
            usage?: {
              /**
               * Where the usage object is in a frame; by default, the frame itself
               */
              at?: Paths;
              /**
               * Input tokens, including cached ones, within that object
               */
              input?: Paths;
              /**
               * Further input tokens that the one above leaves out: each is added to it, within that object
               */
              apart?: Paths;
              /**
               * Output tokens, including reasoning, within that object
               */
              output?: Paths;
              /**
               * Input tokens that came from a cache, within that object
               */
              cached?: Paths;
              /**
               * Output tokens that are reasoning, within that object
               */
              reasoning?: Paths;
              /**
               * Calls of a model, within that object
               */
              calls?: Paths;
              /**
               * Where the frame names the model, for its price
               */
              model?: Paths;
              /**
               * `each`: every report is for one model call, and they add up; `last`: the last report counts
               */
              reports?: "each" | "last";
            };
            /**
             * Regular expressions for answers that count as errors, such as the placeholder of a service without its model
             */
            canned?: string[];
            /**
             * Kinds of events that a completed turn must have
             */
            expects?: ("agent_started" | "agent_thinking" | "tool_executing" | "tool_completed" | "agent_completed")[];
            /**
             * Allowed exceptions from the usual order of events
             */
            order?: {
              /**
               * One turn may start more than once (retries)
               */
              repeatStarted?: boolean;
              /**
               * The agent may think again between tools
               */
              thinkingBetweenTools?: boolean;
              /**
               * The agent, or another one, may think while a tool runs
               */
              thinkingDuringTools?: boolean;
              /**
               * Several tools may run at once
               */
              parallelTools?: boolean;
            };
            /**
             * Turn ends that no frame marks
             */
            end?: {
              /**
               * Ends a turn after this much silence following its last text: a last resort, since a stalled turn looks complete
               */
              silence?: string | 0;
              /**
               * Outcome of a turn whose stream ends normally after at least one event
               */
              close?: "completed" | "nothing";
              /**
               * Outcome of a turn that ends normally without any answer text
               */
              empty?: "completed" | "failed";
            };
            /**
             * Responses run in the background, and a stop cancels them; otherwise a stop hangs up
             */
            background?: boolean;
          };
          stores?: Stores;
          /**
           * How accounts log in, by a module under `extensions`
           */
          login?: `${string}/${string}` | {readonly [name: `${string}/${string}`]: unknown};
          /**
           * What a module under `extensions` makes of each frame
           */
          codec?: `${string}/${string}` | {readonly [name: `${string}/${string}`]: unknown};
        };
  };
  /**
   * The workloads, by name
   */
  scenarios: {
    [k: string]: {
      /**
       * One sentence for people: what this scenario shows
       */
      description?: string;
      /**
       * Name of a scenario whose keys are inherited; maps merge, lists are replaced
       */
      extends?: string;
      /**
       * Words to choose scenarios by: --tag
       *
       * Items: A word to choose scenarios by
       */
      tags?: string[];
      /**
       * Name of the target in this file
       */
      target?: string;
      /**
       * Seed of all randomness: the same seed repeats the same run
       */
      seed?: number | string;
      /**
       * The load: users who join and stay, or starts that come at a rate
       */
      load?:
        | {
            /**
             * Users at once
             */
            users: number | string;
            /**
             * Time over which users join or leave, evenly
             */
            ramp?: string | 0;
            /**
             * Time that the users then stay: what the SLAs judge
             */
            hold: string | 0;
            /**
             * Run a tenth of the users first, to compare the hold with; by default from 20 users and 10s of hold on
             */
            baseline?: boolean | string;
          }
        | {
            /**
             * Ramps and holds, in order
             *
             * @minItems 1
             */
            stages: {
              /**
               * Users at once
               */
              users: number | string;
              /**
               * Time over which users join or leave, evenly
               */
              ramp?: string | 0;
              /**
               * Time that the users then stay: what the SLAs judge
               */
              hold?: string | 0;
            }[];
            /**
             * Run a tenth of the users first, to compare the hold with; by default from 20 users and 10s of hold on
             */
            baseline?: boolean | string;
          }
        | {
            /**
             * Starts of the loop, whoever is free
             */
            arrivals: string;
            /**
             * Users who stay connected, and of whom a free one takes each start
             */
            sessions: number | string;
            /**
             * Time over which the rate rises or falls to this one, evenly; default 0
             */
            ramp?: string | 0;
            /**
             * Time that the rate then stays: what the SLAs judge
             */
            hold: string | 0;
            /**
             * Time over which the sessions connect before the first start; default 1s for every 100
             */
            join?: string | 0;
            /**
             * Starts come by chance, with gamma gaps of this shape: 1.0 is a Poisson process, less is burstier, more is more even; absent: evenly
             */
            burstiness?: number | string;
            /**
             * Another way to write burstiness: 1.0
             */
            poisson?: boolean | string;
          }
        | {
            /**
             * Users who stay connected, and of whom a free one takes each start
             */
            sessions: number | string;
            /**
             * Ramps and holds of the rate, in order
             *
             * @minItems 1
             */
            stages: {
              /**
               * Starts of the loop, whoever is free
               */
              arrivals: string;
              /**
               * Time over which the rate rises or falls to this one, evenly; default 0
               */
              ramp?: string | 0;
              /**
               * Time that the rate then stays: what the SLAs judge
               */
              hold?: string | 0;
            }[];
            /**
             * Time over which the sessions connect before the first start; default 1s for every 100
             */
            join?: string | 0;
            /**
             * Starts come by chance, with gamma gaps of this shape: 1.0 is a Poisson process, less is burstier, more is more even; absent: evenly
             */
            burstiness?: number | string;
            /**
             * Another way to write burstiness: 1.0
             */
            poisson?: boolean | string;
          }
        | {
            /**
             * Sessions that come, take their turns and leave
             */
            sessions: {
              /**
               * Sessions that begin
               */
              rate: string;
              /**
               * Passes through the loop that a session takes: a number, or a range to draw from
               */
              turns: number | string;
              /**
               * Accounts to take them, and so the most sessions at once; default: enough for turns of 10s
               */
              users?: number | string;
            };
            /**
             * Time over which the rate rises or falls to this one, evenly; default 0
             */
            ramp?: string | 0;
            /**
             * Time that the rate then stays: what the SLAs judge
             */
            hold: string | 0;
            /**
             * Starts come by chance, with gamma gaps of this shape: 1.0 is a Poisson process, less is burstier, more is more even; absent: evenly
             */
            burstiness?: number | string;
            /**
             * Another way to write burstiness: 1.0
             */
            poisson?: boolean | string;
          }
        | {
            /**
             * File of the trace: Mooncake's JSONL, or CSV with BurstGPT's columns
             */
            trace: string;
            /**
             * How many times as fast as it was recorded; default 1x: --speed
             */
            speed?: number | string;
            /**
             * Users who stay connected, and of whom a free one takes each start
             */
            sessions: number | string;
            /**
             * How much of the trace is replayed: what the SLAs judge
             */
            hold: string | 0;
            /**
             * Time over which the sessions connect before the first start; default 1s for every 100
             */
            join?: string | 0;
          };
      journey?: _Schema1;
      /**
       * Kinds of users, each with its own journey, instead of one journey for all
       */
      groups?: {
        [k: string]: {
          /**
           * Part of the users that are left after the exact numbers
           */
          share?: string;
          /**
           * An exact number of users, instead of a share
           */
          users?: number | string;
          /**
           * What each of them does
           */
          journey: Journey;
          /**
           * What they are, for people
           */
          note?: string;
          /**
           * false: they stay out of the baseline step, which all users of the other groups then walk; default true
           */
          baseline?: boolean | string;
        };
      };
      /**
       * Rules of correctness that every turn is held against
       */
      checks?: (
        | "critical-events"
        | "isolation"
        | "history"
        | "quality"
        | "consistency"
        | "context"
        | "search"
        | "access"
        | "paging"
        | "persistence"
        | "ordering"
        | "redelivery"
        | "clear-errors"
        | "fairness"
        | "buffering"
        | "contract"
        | "stop"
        | "approvals"
        | "prompt-isolation"
        | "after-end"
        | {
            /**
             * every completed turn shows all its events, once, in order, tools paired
             */
            "critical-events": {};
          }
        | {
            /**
             * no frame, history row, search hit or answer shows another user's data
             */
            isolation: {};
          }
        | {
            /**
             * every accepted message is in the history once, and its answer with it
             */
            history: {};
          }
        | {
            /**
             * every answer is substantive, on its topic, actionable and finished; no refusal, echo or canned text
             */
            quality: {
              /**
               * Least length without quotations
               */
              minCharacters?: number;
              /**
               * Least different words beyond the prompt's
               */
              minNewWords?: number;
              /**
               * Greatest share of repeated phrases
               */
              maxRepetition?: number;
              /**
               * Share of the demanded figures to be used
               */
              minFigures?: number;
              /**
               * Words of the topic that must occur
               */
              minTopicWords?: number;
            };
          }
        | {
            /**
             * answers agree with their prompt's figures, and with each other where the question is the same
             */
            consistency: {};
          }
        | {
            /**
             * what was said in a thread is recalled there in its latest form, and nowhere else
             */
            context: {
              /**
               * Facts that were forgotten or are stale fail the run; false: they warn, and count in quality.recall
               */
              strict?: boolean | string;
            };
          }
        | {
            /**
             * searches show every message that is there, within their filters, and nothing of others
             */
            search: {};
          }
        | {
            /**
             * every access probe was refused; the report lists each with its answer
             */
            access: {};
          }
        | {
            /**
             * a thread read page by page shows every message once, in order, and no row twice
             */
            paging: {};
          }
        | {
            /**
             * every accepted message and answer is in each of the target's stores once, as it was sent
             */
            persistence: {};
          }
        | {
            /**
             * the answers of each thread come in the order of its messages, and their pieces in their own
             */
            ordering: {};
          }
        | {
            /**
             * what a user missed while away reaches it on its return, exactly once and in order
             */
            redelivery: {};
          }
        | {
            /**
             * a user who gets no answer gets an error in time, in readable words and without a stack trace
             */
            "clear-errors": {
              /**
               * Longest time from a message to the error that answers it
               */
              within?: string | 0;
            };
          }
        | {
            /**
             * users who were there alone are not made to wait by the groups that stay out of the baseline step
             */
            fairness: {
              /**
               * Most that p95 may be of what it was alone
               */
              factor?: number;
            };
          }
        | {
            /**
             * events come while the agent works, and not all in the last moment (a buffering proxy)
             */
            buffering: {
              /**
               * Turns that come all at once fail the run; default false: they warn
               */
              strict?: boolean | string;
            };
          }
        | {
            /**
             * every frame is one that the profile knows: the contract has not drifted
             */
            contract: {};
          }
        | {
            /**
             * a stop is the end: no late text or tool, what was shown is stored once, and the thread is free
             */
            stop: {
              /**
               * A turn that continues for longer after its stop was not stopped
               */
              within?: string | 0;
              /**
               * How soon the next message of a stopped thread must be picked up
               */
              next?: string | 0;
            };
          }
        | {
            /**
             * what an agent asks is acted on once, as its own user decided, and the turn goes on
             */
            approvals: {};
          }
        | {
            /**
             * no prompt that the backend sends to the run's model holds another user's data
             */
            "prompt-isolation": {};
          }
        | {
            /**
             * no model call begins for a turn that has ended
             */
            "after-end": {
              /**
               * How long after the end a call may still begin; default 50ms
               */
              within?: string | 0;
            };
          }
        | `${string}/${string}`
        | {readonly [name: `${string}/${string}`]: unknown}
      )[];
      /**
       * Files of the run's folder that own code fills
       *
       * Items: A reporter of a module under `extensions`
       */
      reporters?: (`${string}/${string}` | {readonly [name: `${string}/${string}`]: unknown})[];
      /**
       * What is broken on purpose, and when
       */
      faults?: (
        | {
            at: FaultAt;
            for?: FaultFor;
            every?: FaultEvery;
            jitter?: FaultJitter;
            /**
             * users lose their connection; with `when` or `after` each at its moment, once, while the fault holds
             */
            disconnect:
              | null
              | (
                  | (string | number)
                  | {
                      /**
                       * Share of the users that are there
                       */
                      share?: string | number;
                      /**
                       * At once; or as soon as a turn is under way, or none is
                       */
                      when?: "any" | "within" | "between";
                      /**
                       * As soon as this event of a turn has come
                       */
                      after?:
                        "agent_started" | "agent_thinking" | "tool_executing" | "tool_completed" | "agent_completed";
                    }
                );
          }
        | {
            at: FaultAt;
            for?: FaultFor;
            every?: FaultEvery;
            jitter?: FaultJitter;
            /**
             * users' connections stay open, but nothing is read or sent on them; new connections work
             */
            "half-open":
              | null
              | (
                  | (string | number)
                  | {
                      /**
                       * Share of the users that are there
                       */
                      share?: string | number;
                    }
                );
          }
        | {
            at: FaultAt;
            for?: FaultFor;
            every?: FaultEvery;
            jitter?: FaultJitter;
            /**
             * users read at most this many bytes per second from their connection
             */
            "slow-reader": {
              /**
               * Share of the users that are there
               */
              share?: string | number;
              /**
               * Bytes per second
               */
              bytes: string;
            };
          }
        | {
            at: FaultAt;
            for?: FaultFor;
            every?: FaultEvery;
            jitter?: FaultJitter;
            /**
             * users lose their connections, and all reconnect at the same instant, without any back-off
             */
            "reconnect-storm":
              | null
              | (
                  | (string | number)
                  | {
                      /**
                       * Share of the users that are there
                       */
                      share?: string | number;
                      /**
                       * From the loss to the instant at which all reconnect
                       */
                      away?: string | 0;
                    }
                );
          }
        | {
            at: FaultAt;
            for?: FaultFor;
            every?: FaultEvery;
            jitter?: FaultJitter;
            /**
             * users' tokens expire and their connections are lost: they have to log in again
             */
            "expire-token":
              | null
              | (
                  | (string | number)
                  | {
                      /**
                       * Share of the users that are there
                       */
                      share?: string | number;
                    }
                );
          }
        | {
            at: FaultAt;
            for?: FaultFor;
            every?: FaultEvery;
            jitter?: FaultJitter;
            /**
             * users send each message twice with the same id, as an impatient client does: only one turn may result
             */
            "duplicate-send":
              | null
              | (
                  | (string | number)
                  | {
                      /**
                       * Share of the users that are there
                       */
                      share?: string | number;
                    }
                );
          }
        | {
            at: FaultAt;
            for?: FaultFor;
            every?: FaultEvery;
            jitter?: FaultJitter;
            /**
             * users send their next message and leave at once, and come back for its answer after a while
             */
            abandon:
              | null
              | (
                  | (string | number)
                  | {
                      /**
                       * Share of the users that are there
                       */
                      share?: string | number;
                      /**
                       * How long they stay away
                       */
                      away?: string | 0;
                    }
                );
          }
        | {
            at: FaultAt;
            for?: FaultFor;
            every?: FaultEvery;
            jitter?: FaultJitter;
            /**
             * users keep their connections open but send nothing, not even a ping: proxies often cut these after 60 s
             */
            idle:
              | null
              | (
                  | (string | number)
                  | {
                      /**
                       * Share of the users that are there
                       */
                      share?: string | number;
                    }
                );
          }
        | {
            at: FaultAt;
            for?: FaultFor;
            every?: FaultEvery;
            jitter?: FaultJitter;
            /**
             * all data is delayed, each way, by a fixed time plus a random one up to `jitter`
             */
            latency:
              | (string | 0)
              | {
                  /**
                   * Delay, each way
                   */
                  by: string | 0;
                  /**
                   * Additional delay, drawn uniformly for each piece
                   */
                  jitter?: string | 0;
                };
          }
        | {
            at: FaultAt;
            for?: FaultFor;
            every?: FaultEvery;
            jitter?: FaultJitter;
            /**
             * each connection carries this many bytes per second, each way
             */
            bandwidth: string;
          }
        | {
            at: FaultAt;
            for?: FaultFor;
            every?: FaultEvery;
            jitter?: FaultJitter;
            /**
             * nothing gets through in either direction, new connections hang, and neither side gets an error
             */
            blackhole: null | {};
          }
        | {
            at: FaultAt;
            for?: FaultFor;
            every?: FaultEvery;
            jitter?: FaultJitter;
            /**
             * open connections are reset in the network; with a share, only some of them
             */
            reset:
              | null
              | (
                  | (string | number)
                  | {
                      /**
                       * Share of the open connections
                       */
                      share?: string | number;
                    }
                );
          }
        | {
            at: FaultAt;
            for?: FaultFor;
            every?: FaultEvery;
            jitter?: FaultJitter;
            /**
             * data written at once arrives in pieces of this many bytes, one per millisecond
             */
            split: string;
          }
        | {
            at: FaultAt;
            for?: FaultFor;
            every?: FaultEvery;
            jitter?: FaultJitter;
            /**
             * a request breaks the target, and the request `undo` repairs it; responses other than 2xx are failures
             */
            http: {
              /**
               * Method of the request
               */
              method?: "GET" | "POST" | "PUT" | "DELETE";
              /**
               * Where the request goes
               */
              url: string;
              /**
               * Headers of the request
               */
              headers?: {
                [k: string]: string;
              };
              /**
               * Sent as JSON
               */
              body?: {
                [k: string]: unknown;
              };
              /**
               * The request that repairs it; also sent after Ctrl-C and a crash
               */
              undo: {
                /**
                 * Method of the request
                 */
                method?: "GET" | "POST" | "PUT" | "DELETE";
                /**
                 * Where the request goes
                 */
                url: string;
                /**
                 * Headers of the request
                 */
                headers?: {
                  [k: string]: string;
                };
                /**
                 * Sent as JSON
                 */
                body?: {
                  [k: string]: unknown;
                };
              };
              /**
               * Timeout of each request; default 10s
               */
              timeout?: string | 0;
            };
          }
        | {
            at: FaultAt;
            for?: FaultFor;
            every?: FaultEvery;
            jitter?: FaultJitter;
            /**
             * a command breaks the target, and the command `undo` repairs it; only with --allow-exec
             */
            exec: {
              /**
               * Command for the shell that breaks it
               */
              run: string;
              /**
               * Command that repairs it; also run after Ctrl-C and a crash
               */
              undo: string;
              /**
               * What it is called in the report; the command itself is not shown
               */
              label?: string;
              /**
               * Timeout of each command; default 30s
               */
              timeout?: string | 0;
            };
          }
        | {
            at: FaultAt;
            for?: FaultFor;
            every?: FaultEvery;
            jitter?: FaultJitter;
            /**
             * the embedded reference backend misbehaves in this way
             */
            defect:
              | string
              | {
                  /**
                   * A defect of the reference backend
                   */
                  name: string;
                  /**
                   * Exactly this many times, at the first opportunities
                   */
                  count?: number;
                  /**
                   * Share of the opportunities, drawn from a seed
                   */
                  rate?: number;
                  /**
                   * Further parameters of the defect
                   */
                  params?: {
                    [k: string]: unknown;
                  };
                };
          }
        | {
            at: FaultAt;
            for?: FaultFor;
            every?: FaultEvery;
            jitter?: FaultJitter;
            /**
             * the embedded backend's process is killed, and restarted on the same port and database
             */
            kill: null | {};
          }
        | {
            at: FaultAt;
            for?: FaultFor;
            every?: FaultEvery;
            jitter?: FaultJitter;
            /**
             * another process holds the embedded backend's database locked, so that nothing can be written
             */
            "lock-database": null | {};
          }
        | {
            at: FaultAt;
            for?: FaultFor;
            every?: FaultEvery;
            jitter?: FaultJitter;
            /**
             * does nothing: names what happens on its own or is done by others, so that its recovery is timed
             */
            mark: string;
          }
      )[];
      /**
       * The way to the target: proxy puts the fault proxy between
       */
      via?: "proxy";
      /**
       * A model endpoint of the run, for the backend to call in place of a real model
       */
      model?:
        | true
        | string
        | {
            /**
             * Seed of all draws
             */
            seed?: number | string;
            /**
             * What callers must send as their key
             */
            key?: string;
            /**
             * The models that there are: a call of another one gets 404, as from the real APIs; by default all
             *
             * @minItems 1
             * @maxItems 1000
             *
             * Items: Name of a model
             */
            models?: string[];
            /**
             * Time to the first token: 200ms, 100ms..300ms, or median and p99
             */
            ttft?:
              | string
              | {
                  /**
                   * Half of all draws are shorter
                   */
                  median: string | 0;
                  /**
                   * One draw in a hundred is longer
                   */
                  p99: string | 0;
                };
            /**
             * Time between tokens
             */
            gap?:
              | string
              | {
                  /**
                   * Half of all draws are shorter
                   */
                  median: string | 0;
                  /**
                   * One draw in a hundred is longer
                   */
                  p99: string | 0;
                };
            /**
             * What is answered: the first that matches
             *
             * @maxItems 1000
             */
            answers?: {
              /**
               * Regular expression that the user's last message matches; every message without it
               */
              match?: string;
              /**
               * What is answered; {prompt} is the user's last message, {reference} what marks it
               */
              text?: string;
              /**
               * Answer with this many words
               */
              words?: number | string;
              /**
               * Tools that are called before the answer, all at once
               *
               * @maxItems 64
               */
              tools?: {
                /**
                 * Name of the tool
                 */
                name: string;
                /**
                 * Its arguments
                 */
                arguments?: {
                  [k: string]: unknown;
                };
              }[];
            }[];
            /**
             * What goes wrong, and when
             *
             * @maxItems 100
             */
            faults?: {
              /**
               * What goes wrong
               */
              kind: "429" | "500" | "timeout" | "cut" | "malformed" | "slow" | "empty";
              /**
               * From so long after the start
               */
              from?: string | 0;
              /**
               * For so long; by default to the end
               */
              for?: string | 0;
              /**
               * Of the calls in that time; default all
               */
              share?: string | number;
              /**
               * Only calls for these; default all
               *
               * @maxItems 10000
               *
               * Items: Number of a user of the run, or what the caller sends as `user`
               */
              users?: string[];
              /**
               * Of `429`: what Retry-After says, in whole seconds
               */
              "retry-after"?: string | 0;
              /**
               * Of `slow`: how many times longer tokens take
               */
              factor?: number | string;
            }[];
            /**
             * Port to listen on; default a free one
             */
            port?: number | string;
            /**
             * Address to listen on; other than loopback only with a key
             */
            listen?: string;
          };
      /**
       * YAML file with your own prompts, next to the scenario file
       */
      prompts?: string;
      /**
       * File of conversations that users hold instead of the mix of prompts: JSONL, or ShareGPT's form
       */
      conversations?: string;
      /**
       * Thresholds: metric → rule (p99 < 5s), list of rules, or off
       */
      sla?: {
        [k: string]:
          | string
          | number
          | {
              /**
               * The threshold
               */
              rule: string | number;
              /**
               * End the run as soon as this threshold is missed
               */
              abort: true;
            }
          | false
          | (
              | (string | number)
              | {
                  /**
                   * The threshold
                   */
                  rule: string | number;
                  /**
                   * End the run as soon as this threshold is missed
                   */
                  abort: true;
                }
            )[];
      };
      /**
       * Limits that a good turn keeps to; by default those that the rules of `sla` set on single turns
       */
      goodput?: {
        /**
         * The turn has to be faster than this
         */
        "message.processing"?: string | 0;
        /**
         * The turn has to be faster than this
         */
        ttft?: string | 0;
        /**
         * The turn has to be faster than this
         */
        ttfe?: string | 0;
        /**
         * The turn has to be faster than this
         */
        "event.gap"?: string | 0;
        /**
         * The turn has to be faster than this
         */
        "agent.response"?: string | 0;
        /**
         * The turn has to be faster than this
         */
        e2e?: string | 0;
      };
      /**
       * Prices of models by the name that the backend reports, or `*` for any, to reckon `cost.turn`
       */
      prices?: {
        /**
         * Currency of the prices
         */
        currency?: string;
        /**
         * Name of the model → its prices
         */
        models: {
          [k: string]: {
            /**
             * Price of a million input tokens
             */
            input: number;
            /**
             * Price of a million output tokens
             */
            output: number;
            /**
             * Price of a million input tokens that came from a cache; by default as of any others
             */
            cached?: number;
          };
        };
      };
      /**
       * Limits of one turn
       */
      turn?: {
        /**
         * Deadline of a turn; longer than every SLA limit on a turn; default 70s
         */
        timeout?: string | 0;
        /**
         * How long after its end a turn still takes late events; default 250ms
         */
        grace?: string | 0;
      };
      /**
       * What a comparison with a baseline takes for a regression that matters
       */
      baseline?: {
        /**
         * Least change that matters, as a share of the baseline; default 10%
         */
        worse?: string | number;
        /**
         * And at least this much; default 5ms
         */
        "at-least"?: string | 0;
      };
      /**
       * How long after the drain a thread may take to show what is stored; default 5s
       */
      settle?: string | 0;
      /**
       * Most turns that the run may start; real agents cost money
       */
      "max-turns"?: number | string;
      /**
       * Messages that are stored before the load begins, where the target can import
       */
      stored?: number | string;
      /**
       * Organisations that the users belong to in turn; {org} in the accounts names them
       */
      organisations?: number | string;
      /**
       * Delete the threads that the run made; default false
       */
      cleanup?: boolean | string;
    };
  };
  /**
   * Modules of own code (.ts, .js, .mjs) that define steps, checks, log-ins, codecs or reporters
   */
  extensions?: string[];
}
/**
 * How users log in and connect
 */
export interface Connect {
  /**
   * Logins and connects per second at most; no bound by default
   */
  rate?: string;
  /**
   * Logins under way at once; default 8
   */
  concurrency?: number | string;
  /**
   * Bound of one login, request or upgrade; default 10s
   */
  timeout?: string | 0;
  /**
   * How often a channel is pinged; default 5s
   */
  ping?: string | 0;
  /**
   * Silence after which a channel is given up as half-open; default 15s, and while a turn is under way its deadline
   */
  silence?: string | 0;
  /**
   * Tries to get a lost channel back; 0 switches reconnection off; default 3
   */
  reconnects?: number | string;
}
/**
 * TLS files, relative to the scenario file
 */
export interface Tls {
  /**
   * PEM file of the certificate authority
   */
  ca?: string;
  /**
   * PEM file of the client's certificate; needs key
   */
  cert?: string;
  /**
   * PEM file of the client's key; needs cert
   */
  key?: string;
  /**
   * Refuse certificates that do not verify; default true
   */
  rejectUnauthorized?: boolean | string;
}
/**
 * Where the backend keeps its messages, to be looked at directly; read only
 */
export interface Stores {
  /**
   * Probes a second of each store while the load runs; default 5/s
   */
  probes?: string;
  /**
   * postgres: a connection URL, or a map
   */
  postgres?:
    | string
    | {
        /**
         * Connection URL; a secret. An empty one means no store
         */
        url: string;
        /**
         * SELECT of id, thread_id, user_id, role, text, run_id and message_id, those that exist, by :threads
         */
        "by-thread"?: string;
        /**
         * SELECT of id, thread_id, user_id, role, text, run_id and message_id, those that exist, by :messages
         */
        "by-message"?: string;
        /**
         * Rows of a turn that the store keeps; default both
         */
        holds?: "both" | "messages" | "answers";
        /**
         * How long after a turn's end its rows may take to appear
         */
        window?: string | 0;
        /**
         * Timeout of one query; default 5s
         */
        timeout?: string | 0;
        /**
         * Most messages that the store keeps per thread; older ones are not expected
         */
        keep?: number | string;
      };
  /**
   * redis: a connection URL, or a map
   */
  redis?:
    | string
    | {
        /**
         * Connection URL; a secret. An empty one means no store
         */
        url: string;
        /**
         * Key of a thread's list or sorted set of messages or their ids
         */
        "by-thread"?: string;
        /**
         * Key of one message, by its id
         */
        "by-message"?: string;
        /**
         * Rows of a turn that the store keeps; default both
         */
        holds?: "both" | "messages" | "answers";
        /**
         * How long after a turn's end its rows may take to appear
         */
        window?: string | 0;
        /**
         * Timeout of one query; default 5s
         */
        timeout?: string | 0;
        /**
         * Most messages that the store keeps per thread; older ones are not expected
         */
        keep?: number | string;
      };
  /**
   * clickhouse: a connection URL, or a map
   */
  clickhouse?:
    | string
    | {
        /**
         * Connection URL; a secret. An empty one means no store
         */
        url: string;
        /**
         * SELECT of id, thread_id, user_id, role, text, run_id and message_id, those that exist, by :threads
         */
        "by-thread"?: string;
        /**
         * SELECT of id, thread_id, user_id, role, text, run_id and message_id, those that exist, by :messages
         */
        "by-message"?: string;
        /**
         * Rows of a turn that the store keeps; default both
         */
        holds?: "both" | "messages" | "answers";
        /**
         * How long after a turn's end its rows may take to appear
         */
        window?: string | 0;
        /**
         * Timeout of one query; default 5s
         */
        timeout?: string | 0;
        /**
         * Most messages that the store keeps per thread; older ones are not expected
         */
        keep?: number | string;
      };
}
/**
 * How users log in; without it, they use a ready-made token or none
 */
export interface Login {
  request: RequestPostAccount;
  /**
   * Where the response contains the token: a path in its JSON, a header, or a cookie
   */
  bearer?:
    | Paths
    | {
        /**
         * Name of a response header
         */
        header: string;
      }
    | {
        /**
         * Name of a cookie that the response sets
         */
        setCookie: string;
      };
  /**
   * Where the response contains the refresh token
   */
  renewal?: Paths;
  /**
   * Where the response contains the user's id
   */
  user?: Paths;
  /**
   * Where the response contains the token's lifetime in seconds; the claims of a JWT take precedence
   */
  lifetime?: Paths;
}
export interface RequestPostAccount {
  /**
   * HTTP method
   */
  method?: "GET" | "POST" | "PUT" | "DELETE";
  /**
   * Path below the target's url; placeholder values are percent-encoded
   */
  path: string;
  /**
   * Query parameters; those without a value are omitted
   */
  query?: {
    [k: string]: string | number | boolean;
  };
  /**
   * Headers of this request
   */
  headers?: {
    [k: string]: string | number | boolean;
  };
  /**
   * Sent as JSON
   */
  body?: {
    [k: string]: unknown;
  };
  /**
   * Sent as a form (application/x-www-form-urlencoded)
   */
  form?: {
    [k: string]: string | number | boolean;
  };
}
export interface RequestPostSession {
  /**
   * HTTP method
   */
  method?: "GET" | "POST" | "PUT" | "DELETE";
  /**
   * Path below the target's url; placeholder values are percent-encoded
   */
  path: string;
  /**
   * Query parameters; those without a value are omitted
   */
  query?: {
    [k: string]: string | number | boolean;
  };
  /**
   * Headers of this request
   */
  headers?: {
    [k: string]: string | number | boolean;
  };
  /**
   * Sent as JSON
   */
  body?: {
    [k: string]: unknown;
  };
  /**
   * Sent as a form (application/x-www-form-urlencoded)
   */
  form?: {
    [k: string]: string | number | boolean;
  };
}
/**
 * How requests and sockets carry the token
 */
export interface Carry {
  /**
   * header, query, subprotocol (WebSocket), auth (Socket.IO), or none if the handshake carries it
   */
  in: "header" | "query" | "subprotocol" | "auth" | "none";
  /**
   * Name of the header, parameter or field
   */
  name?: string;
  /**
   * Its value
   */
  value?: string;
}
export interface Socket {
  /**
   * Path of the socket, or of the Socket.IO server
   */
  path?: string;
  /**
   * Query parameters
   */
  query?: {
    [k: string]: string | number | boolean;
  };
  /**
   * Headers of the upgrade
   */
  headers?: {
    [k: string]: string | number | boolean;
  };
  /**
   * How the upgrade carries the token, if not in the same way as requests
   */
  carry?: Carry;
  /**
   * Subprotocols to offer
   */
  subprotocols?: string[];
  /**
   * Data sent with the Socket.IO handshake
   */
  auth?: {
    [k: string]: unknown;
  };
  /**
   * Socket.IO namespace
   */
  namespace?: string;
  /**
   * Frames to wait for and to send before the session is ready
   */
  handshake?: HandshakeStep[];
  /**
   * A frame that rejects the token, at the start or on an open socket
   */
  refused?: Condition;
  /**
   * When a session is ready: at a frame of kind welcome, as soon as the socket is open, or auto (at a welcome if one comes)
   */
  ready?: "auto" | "welcome" | "open";
  /**
   * An application-level ping, answered by a frame of kind pong
   */
  ping?: {
    [k: string]: unknown;
  };
  /**
   * The reply to a frame of kind ping; {ping.PATH} is a value from that frame
   */
  pong?: {
    [k: string]: unknown;
  };
  /**
   * A heartbeat that the protocol requires while the socket is open
   */
  heartbeat?: {
    /**
     * The frame; {beat} is its number, from 1
     */
    send: {
      [k: string]: unknown;
    };
    /**
     * How often it is sent
     */
    every: string | 0;
  };
  /**
   * What close codes mean, where that is unusual: normal, auth (the token was rejected), broken
   */
  closeCodes?: {
    [k: string]: "normal" | "auth" | "broken";
  };
  /**
   * Requests the missed events after a reconnect; requires `ids.run`
   */
  resume?: {
    [k: string]: unknown;
  };
}
export interface HandshakeStep {
  /**
   * Wait for a frame that meets this condition
   */
  await?: Condition;
  /**
   * Values to keep from the awaited frame, by name: {kept.name} in everything sent afterwards
   */
  keep?: {
    [k: string]: string;
  };
  /**
   * Send this
   */
  send?: {
    [k: string]: unknown;
  };
}
export interface Condition {
  /**
   * Where to look
   */
  path?: string;
  /**
   * The value at the path
   */
  equals?: string | number | boolean | null;
  /**
   * One of these values
   *
   * @minItems 1
   */
  in?: (string | number | boolean | null)[];
  /**
   * Whether the path exists
   */
  exists?: boolean;
  /**
   * A substring of the text at the path
   */
  contains?: string;
  /**
   * A regular expression for the text at the path
   */
  matches?: string;
  all?: _Schema0;
  /**
   * At least one of these conditions
   *
   * @minItems 1
   */
  any?: Condition[];
  not?: Condition;
}
/**
 * The stream of a turn, for the transport sse
 */
export interface Stream {
  /**
   * The request for a message; its response is the turn's stream
   */
  request: RequestPostSessionMessage;
  /**
   * Resumes a broken stream; Last-Event-ID is sent automatically
   */
  resume?: RequestGetSessionResume;
  /**
   * Path of a health check, requested on connect and at each ping
   */
  health?: string;
  /**
   * Longest silence of a healthy stream; no limit by default
   */
  silence?: string | 0;
}
export interface RequestPostSessionMessage {
  /**
   * HTTP method
   */
  method?: "GET" | "POST" | "PUT" | "DELETE";
  /**
   * Path below the target's url; placeholder values are percent-encoded
   */
  path: string;
  /**
   * Query parameters; those without a value are omitted
   */
  query?: {
    [k: string]: string | number | boolean;
  };
  /**
   * Headers of this request
   */
  headers?: {
    [k: string]: string | number | boolean;
  };
  /**
   * Sent as JSON
   */
  body?: {
    [k: string]: unknown;
  };
  /**
   * Sent as a form (application/x-www-form-urlencoded)
   */
  form?: {
    [k: string]: string | number | boolean;
  };
}
export interface RequestGetSessionResume {
  /**
   * HTTP method
   */
  method?: "GET" | "POST" | "PUT" | "DELETE";
  /**
   * Path below the target's url; placeholder values are percent-encoded
   */
  path: string;
  /**
   * Query parameters; those without a value are omitted
   */
  query?: {
    [k: string]: string | number | boolean;
  };
  /**
   * Headers of this request
   */
  headers?: {
    [k: string]: string | number | boolean;
  };
  /**
   * Sent as JSON
   */
  body?: {
    [k: string]: unknown;
  };
  /**
   * Sent as a form (application/x-www-form-urlencoded)
   */
  form?: {
    [k: string]: string | number | boolean;
  };
}
/**
 * How turns are stopped and decisions are sent
 */
export interface Control {
  /**
   * How a turn is stopped: by closing its stream, by a frame, or by a separate request
   */
  stop?:
    | "close"
    | {
        /**
         * A frame on the socket
         */
        send: {
          [k: string]: unknown;
        };
      }
    | {
        request: RequestPostSessionControl;
      };
  /**
   * How a user's decision on a frame of kind waiting is sent
   */
  decide?: {
    /**
     * One decision; `{each}` is the list of them
     */
    each?: {
      [k: string]: unknown;
    };
    /**
     * A tool call that needed no decision, in the list `{calls}`
     */
    call?: {
      [k: string]: unknown;
    };
    /**
     * What {toolState} says of a tool call
     */
    states?: {
      /**
       * It has not run yet
       */
      called?: string;
      /**
       * It has run
       */
      ran?: string;
      /**
       * It was rejected
       */
      refused?: string;
    };
    /**
     * A frame on the socket for each decision
     */
    send?: {
      [k: string]: unknown;
    };
    /**
     * A request; its effect shows on the turn's own stream
     */
    request?: RequestPostSessionControlDecisionCall;
    /**
     * Sent instead of the message's body: the response continues the turn
     */
    body?: {
      [k: string]: unknown;
    };
  };
}
export interface RequestPostSessionControl {
  /**
   * HTTP method
   */
  method?: "GET" | "POST" | "PUT" | "DELETE";
  /**
   * Path below the target's url; placeholder values are percent-encoded
   */
  path: string;
  /**
   * Query parameters; those without a value are omitted
   */
  query?: {
    [k: string]: string | number | boolean;
  };
  /**
   * Headers of this request
   */
  headers?: {
    [k: string]: string | number | boolean;
  };
  /**
   * Sent as JSON
   */
  body?: {
    [k: string]: unknown;
  };
  /**
   * Sent as a form (application/x-www-form-urlencoded)
   */
  form?: {
    [k: string]: string | number | boolean;
  };
}
export interface RequestPostSessionControlDecisionCall {
  /**
   * HTTP method
   */
  method?: "GET" | "POST" | "PUT" | "DELETE";
  /**
   * Path below the target's url; placeholder values are percent-encoded
   */
  path: string;
  /**
   * Query parameters; those without a value are omitted
   */
  query?: {
    [k: string]: string | number | boolean;
  };
  /**
   * Headers of this request
   */
  headers?: {
    [k: string]: string | number | boolean;
  };
  /**
   * Sent as JSON
   */
  body?: {
    [k: string]: unknown;
  };
  /**
   * Sent as a form (application/x-www-form-urlencoded)
   */
  form?: {
    [k: string]: string | number | boolean;
  };
}
export interface Threads {
  /**
   * Creates a thread; without it, the client makes up thread ids
   */
  create?: RequestPostSessionThread;
  /**
   * Where the response contains the thread's id
   */
  id?: Paths;
  /**
   * Lists the user's own threads
   */
  list?: RequestGetSession;
  /**
   * Where that list is; without it, the response itself is the list
   */
  rows?: Paths;
  /**
   * Deletes a thread: `cleanup`
   */
  remove?: RequestDeleteSessionPage;
}
export interface RequestPostSessionThread {
  /**
   * HTTP method
   */
  method?: "GET" | "POST" | "PUT" | "DELETE";
  /**
   * Path below the target's url; placeholder values are percent-encoded
   */
  path: string;
  /**
   * Query parameters; those without a value are omitted
   */
  query?: {
    [k: string]: string | number | boolean;
  };
  /**
   * Headers of this request
   */
  headers?: {
    [k: string]: string | number | boolean;
  };
  /**
   * Sent as JSON
   */
  body?: {
    [k: string]: unknown;
  };
  /**
   * Sent as a form (application/x-www-form-urlencoded)
   */
  form?: {
    [k: string]: string | number | boolean;
  };
}
export interface RequestGetSession {
  /**
   * HTTP method
   */
  method?: "GET" | "POST" | "PUT" | "DELETE";
  /**
   * Path below the target's url; placeholder values are percent-encoded
   */
  path: string;
  /**
   * Query parameters; those without a value are omitted
   */
  query?: {
    [k: string]: string | number | boolean;
  };
  /**
   * Headers of this request
   */
  headers?: {
    [k: string]: string | number | boolean;
  };
  /**
   * Sent as JSON
   */
  body?: {
    [k: string]: unknown;
  };
  /**
   * Sent as a form (application/x-www-form-urlencoded)
   */
  form?: {
    [k: string]: string | number | boolean;
  };
}
export interface RequestDeleteSessionPage {
  /**
   * HTTP method
   */
  method?: "GET" | "POST" | "PUT" | "DELETE";
  /**
   * Path below the target's url; placeholder values are percent-encoded
   */
  path: string;
  /**
   * Query parameters; those without a value are omitted
   */
  query?: {
    [k: string]: string | number | boolean;
  };
  /**
   * Headers of this request
   */
  headers?: {
    [k: string]: string | number | boolean;
  };
  /**
   * Sent as JSON
   */
  body?: {
    [k: string]: unknown;
  };
  /**
   * Sent as a form (application/x-www-form-urlencoded)
   */
  form?: {
    [k: string]: string | number | boolean;
  };
}
/**
 * How a thread is read; without it, the history is not checked
 */
export interface History {
  request: RequestGetSessionPage;
  /**
   * Where the list of rows is; without it, the response itself is the list
   */
  rows?: Paths;
  /**
   * Where the total number of rows is
   */
  total?: Paths;
  /**
   * Where a row contains its values
   */
  row?: Row;
  /**
   * Condition for rows that are messages, in paths of the row; other rows are ignored
   */
  where?: Condition;
  /**
   * With `paging: none`: which row comes first
   */
  sorted?: "oldest-first" | "newest-first";
  /**
   * Role on the wire → role here, in capitals as well; any other role is other
   */
  roles?: {
    [k: string]: "user" | "assistant" | "other";
  };
  /**
   * Assistant rows of one turn form one answer: tool calls, and the text before and after them
   */
  join?: boolean;
  /**
   * Values of {order} for oldest first and newest first
   */
  orders?: {
    /**
     * Oldest first
     */
    asc: string;
    /**
     * Newest first
     */
    desc: string;
  };
  /**
   * server: the service pages and sorts by {order}; without {order} in the request, the times and ids of its rows tell its order; oldest-first: it pages and always begins with the oldest, so that the newest page costs a further request for the total; none: it gives all rows, and pages are cut here
   */
  paging?: "server" | "oldest-first" | "none";
}
export interface RequestGetSessionPage {
  /**
   * HTTP method
   */
  method?: "GET" | "POST" | "PUT" | "DELETE";
  /**
   * Path below the target's url; placeholder values are percent-encoded
   */
  path: string;
  /**
   * Query parameters; those without a value are omitted
   */
  query?: {
    [k: string]: string | number | boolean;
  };
  /**
   * Headers of this request
   */
  headers?: {
    [k: string]: string | number | boolean;
  };
  /**
   * Sent as JSON
   */
  body?: {
    [k: string]: unknown;
  };
  /**
   * Sent as a form (application/x-www-form-urlencoded)
   */
  form?: {
    [k: string]: string | number | boolean;
  };
}
export interface Row {
  /**
   * Id of the row
   */
  id?: Paths;
  /**
   * Who wrote it
   */
  role?: Paths;
  /**
   * Its text; a list of parts is joined
   */
  text?: Paths;
  /**
   * Ids that it refers to: of its run, and of the message that it answers
   */
  links?: Paths;
  /**
   * Id of its thread
   */
  thread?: Paths;
}
/**
 * How a user's own messages are searched; without it, the search is not checked
 */
export interface Search {
  request: RequestGetSessionSearch;
  /**
   * Where the list of rows is; without it, the response itself is the list
   */
  rows?: Paths;
  /**
   * Where the total number of rows is
   */
  total?: Paths;
  /**
   * Where a row contains its values
   */
  row?: Row;
  /**
   * Condition for rows that are messages, in paths of the row; other rows are ignored
   */
  where?: Condition;
  /**
   * With `paging: none`: which row comes first
   */
  sorted?: "oldest-first" | "newest-first";
  /**
   * Role on the wire → role here, in capitals as well; any other role is other
   */
  roles?: {
    [k: string]: "user" | "assistant" | "other";
  };
  /**
   * Assistant rows of one turn form one answer: tool calls, and the text before and after them
   */
  join?: boolean;
  /**
   * Values of {order} for oldest first and newest first
   */
  orders?: {
    /**
     * Oldest first
     */
    asc: string;
    /**
     * Newest first
     */
    desc: string;
  };
  /**
   * server: the service pages and sorts by {order}; without {order} in the request, the times and ids of its rows tell its order; oldest-first: it pages and always begins with the oldest, so that the newest page costs a further request for the total; none: it gives all rows, and pages are cut here
   */
  paging?: "server" | "oldest-first" | "none";
}
export interface RequestGetSessionSearch {
  /**
   * HTTP method
   */
  method?: "GET" | "POST" | "PUT" | "DELETE";
  /**
   * Path below the target's url; placeholder values are percent-encoded
   */
  path: string;
  /**
   * Query parameters; those without a value are omitted
   */
  query?: {
    [k: string]: string | number | boolean;
  };
  /**
   * Headers of this request
   */
  headers?: {
    [k: string]: string | number | boolean;
  };
  /**
   * Sent as JSON
   */
  body?: {
    [k: string]: unknown;
  };
  /**
   * Sent as a form (application/x-www-form-urlencoded)
   */
  form?: {
    [k: string]: string | number | boolean;
  };
}
export interface Rule {
  path?: string | string[];
  /**
   * Event name → kind
   */
  kinds?: {
    [k: string]:
      | "agent_started"
      | "agent_thinking"
      | "tool_executing"
      | "tool_completed"
      | "agent_completed"
      | "answer_delta"
      | "answer_kept"
      | "answer_dropped"
      | "tool_refused"
      | "ack"
      | "waiting"
      | "stopped"
      | "usage"
      | "agent_error"
      | "rejected"
      | "welcome"
      | "ping"
      | "pong"
      | "ignored";
  };
  /**
   * A condition; used with `kind`
   */
  when?: Condition;
  /**
   * Kind of a frame that meets the condition
   */
  kind?:
    | "agent_started"
    | "agent_thinking"
    | "tool_executing"
    | "tool_completed"
    | "agent_completed"
    | "answer_delta"
    | "answer_kept"
    | "answer_dropped"
    | "tool_refused"
    | "ack"
    | "waiting"
    | "stopped"
    | "usage"
    | "agent_error"
    | "rejected"
    | "welcome"
    | "ping"
    | "pong"
    | "ignored";
  /**
   * A list whose items are matched one by one, as `@item`: each match is a separate event. `@entries` is the list of the frame's own keys and values: `@item.key`, `@item.value`
   */
  each?: string;
  /**
   * Later rules see the frame as well: it may be several events
   */
  continue?: boolean;
  /**
   * Name for reports; by default its name on the wire
   */
  name?: string;
  text?: string | string[];
  source?: string | string[];
  tool?: string | string[];
  toolId?: string | string[];
  ask?: string | string[];
  code?: string | string[];
}
