/**
 * How far a change goes beyond what it names: other products of the organization; the administration of the site or of its
 * spaces; everybody.
 */
export type Reach = "ORGANIZATION_WIDE" | "ADMINISTRATION" | "EVERYONE";

/** What a caller says, by the name of the input's field: that it knows of the reach, and means it. */
export type Acknowledgement = "acknowledgeOrganizationWide" | "acknowledgeAdministration";
