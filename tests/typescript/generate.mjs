// Write the types of schema.graphql and of page.graphql: node generate.mjs SCHEMA FOLDER
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { codegen } from "@graphql-codegen/core";
import * as typescript from "@graphql-codegen/typescript";
import * as operations from "@graphql-codegen/typescript-operations";
import { parse } from "graphql";

const [schema, folder] = process.argv.slice(2);
const page = new URL("page.graphql", import.meta.url);
const output = await codegen({
  filename: "types.ts",
  schema: parse(readFileSync(schema, "utf8")),
  documents: [{ location: "page.graphql", document: parse(readFileSync(page, "utf8")) }],
  plugins: [{ typescript: {} }, { operations: {} }],
  pluginMap: { typescript, operations },
  config: { strictScalars: true, scalars: { DateTime: "string", JSON: "unknown" }, useTypeImports: true },
});
writeFileSync(join(folder, "types.ts"), output);
