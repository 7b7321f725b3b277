// `gp-load schema`: the JSON Schema of the scenario file, for editors.
import { EXIT } from "../support/errors.js";
import type { CommandModule } from "./command.js";

export const schemaCommand: CommandModule = {
  name: "schema",
  summary: "print the JSON Schema of the scenario file",
  options: {},
  examples: ["gp-load schema > schema/scenarios.schema.json"],
  async run(_input, context) {
    const { AXES } = await import("../app/axes.js");
    const { jsonSchemaText } = await import("../scenarios/json-schema.js");
    context.stdout(jsonSchemaText(AXES));
    return EXIT.pass;
  },
};
