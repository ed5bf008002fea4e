// The key comes in the address behind `#key=`, which no browser sends to a server.
const given = new URLSearchParams(location.hash.slice(1));
const key = given.get("key") ?? "";
const person = given.get("person");
const headers = JSON.stringify({ Authorization: `Bearer ${key}` }, null, 2);

const page = `fragment page on Recommendations {
  traceId
  release
  edges { node { score channel item { key title } why { path { text } } } }
}
`;
const stranger = `  stranger: recommend(scene: "home", first: 8) { ...page }`;
const known = `  known: recommend(scene: "home", person: ${JSON.stringify(person)}, first: 8) { ...page }
  personState(person: ${JSON.stringify(person)}) { recent { kind item { title } } }
`;
const firstQuery = `{
${person === null ? "" : known}${stranger}
}

${page}`;

ReactDOM.createRoot(document.getElementById("page")).render(
  React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: "/graphql" }),
    defaultQuery: firstQuery,
    defaultEditorToolsVisibility: "headers",
    headers,
  }),
);
