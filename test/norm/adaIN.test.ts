import { suite } from "./suite";

suite("adaIN");
