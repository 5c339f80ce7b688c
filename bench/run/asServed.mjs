// The first import of what serves from its own process: graphql-js looks at NODE_ENV when it is loaded, and `npm start` sets it.
process.env.NODE_ENV ??= "production";
