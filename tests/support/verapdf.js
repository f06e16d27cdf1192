// Validates files with the veraPDF engine: arguments "flavour=path", one line of answer each.
// Run by Rhino, which the engine's jar carries: so a Java runtime is enough, no compiler needed.
var foundry = Packages.org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
var pdfa = Packages.org.verapdf.pdfa;
var io = java.io;

function profile(flavour) {
  var id = flavour.toUpperCase();
  var name = id.indexOf("UA") === 0 ? "PDFUA-" + id.substring(2) : "PDFA-" + id;
  var loader = java.lang.Class.forName("org.verapdf.pdfa.Foundries");
  var xml = loader.getResourceAsStream("/org/verapdf/pdfa/validation/" + name + ".xml");
  return pdfa.validation.profiles.Profiles.profileFromXml(xml);
}

function complaints(result) {
  var found = {};
  var assertions = result.getTestAssertions().iterator();
  while (assertions.hasNext()) {
    var assertion = assertions.next();
    if (String(assertion.getStatus()) !== "FAILED") continue;
    var rule = assertion.getRuleId();
    var message = String(assertion.getMessage()).replace(/\s+/g, " ");
    found[rule.getClause() + "-" + rule.getTestNumber() + ": " + message] = true;
  }
  return Object.keys(found).join(" | ");
}

function judge(flavour, path) {
  var file = new io.FileInputStream(path);
  try {
    var known = pdfa.flavours.PDFAFlavour.byFlavourId(flavour);
    var parser = pdfa.Foundries.defaultInstance().createParser(file, known);
    var validator = pdfa.Foundries.defaultInstance()
      .createValidator(profile(flavour), 50, false, true, false);
    var result = validator.validate(parser);
    parser.close();
    return (result.isCompliant() ? "PASS" : "FAIL") + "\t" + complaints(result);
  } catch (error) {
    return "ERROR\t" + String(error).replace(/\s+/g, " ");
  } finally {
    file.close();
  }
}

java.util.logging.LogManager.getLogManager().reset();
foundry.initialise();
for (var n = 0; n < arguments.length; n++) {
  var parts = String(arguments[n]);
  var at = parts.indexOf("=");
  print(judge(parts.substring(0, at), parts.substring(at + 1)));
}
