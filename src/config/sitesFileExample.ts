/** What a fault of the sites file shows as right. The braces are meant as they stand: the file names variables so. */
export const sitesFileExample = [
  'sites: [{ id: acme, url: "https://acme.atlassian.net",',
  "credential: { email: review@acme.example, apiToken: $" + "{ACME_TOKEN} } },",
  '{ id: wiki, deployment: datacenter, url: "https://wiki.example.com/confluence",',
  "credential: { personalAccessToken: $" + "{WIKI_TOKEN} }, caFile: /etc/ssl/certs/company-ca.pem }]",
].join(" ");
