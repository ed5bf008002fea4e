// The key comes in the address behind `#key=`, which no browser sends to a server.
const key = new URLSearchParams(location.hash.slice(1)).get("key") ?? "";
const headers = JSON.stringify({ Authorization: `Bearer ${key}` }, null, 2);

const firstQuery = `{
  recommend(scene: "home", first: 5) {
    traceId
    release
    edges { node { score channel item { key title } } }
  }
}
`;

ReactDOM.createRoot(document.getElementById("page")).render(
  React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: "/graphql" }),
    defaultQuery: firstQuery,
    defaultEditorToolsVisibility: "headers",
    headers,
  }),
);
