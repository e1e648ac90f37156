import type { CodegenConfig } from "@graphql-codegen/cli";

/** Types of the operations in `console/`, each written beside its `.graphql` file. */
const config: CodegenConfig = {
  schema: "../../schema.graphql",
  documents: "console/**/*.graphql",
  generates: {
    "console/": {
      preset: "near-operation-file",
      presetConfig: { extension: ".generated.ts", baseTypesPath: "schema.generated.ts" },
      // A file without enumerations does not use what each imports.
      plugins: [
        { add: { content: "// @ts-nocheck" } },
        "typescript-operations",
        "typed-document-node",
      ],
    },
    "console/schema.generated.ts": { plugins: ["typescript"] },
  },
  config: {
    scalars: { DateTime: "string", Date: "string", SafeInt: "number", ID: "string" },
    avoidOptionals: { field: true },
    disableDescriptions: true,
    enumsAsTypes: true,
    nonOptionalTypename: true,
    onlyOperationTypes: true,
    useTypeImports: true,
    // Texts are a third of the size of syntax trees, and are parsed when they are first sent.
    documentMode: "graphQLTag",
    gqlImport: "@urql/core#gql",
  },
};

export default config;
