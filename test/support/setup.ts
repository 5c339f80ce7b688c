import { failOnDeadFaults } from "./deadFaults.js";

// Run before each test file.
failOnDeadFaults();
