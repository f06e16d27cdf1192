import java.io.*;
import java.util.*;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.*;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.*;
import org.verapdf.pdfa.validation.profiles.*;

/** Validates files with the veraPDF engine: arguments "flavour=path", one line of answer each. */
public class VeraRun {
    public static void main(String[] arguments) throws Exception {
        java.util.logging.LogManager.getLogManager().reset();
        VeraGreenfieldFoundryProvider.initialise();
        for (String argument : arguments) {
            String[] parts = argument.split("=", 2);
            System.out.println(judge(parts[0], parts[1]));
        }
    }

    static String judge(String flavour, String path) {
        try (InputStream file = new FileInputStream(path);
             PDFAParser parser = Foundries.defaultInstance()
                 .createParser(file, PDFAFlavour.byFlavourId(flavour))) {
            PDFAValidator validator = Foundries.defaultInstance()
                .createValidator(profile(flavour), 50, false, true, false);
            ValidationResult result = validator.validate(parser);
            return (result.isCompliant() ? "PASS" : "FAIL") + "\t" + complaints(result);
        } catch (Exception error) {
            return "ERROR\t" + error;
        }
    }

    static ValidationProfile profile(String flavour) throws Exception {
        String id = flavour.toUpperCase();
        String name = id.startsWith("UA") ? "PDFUA-" + id.substring(2) : "PDFA-" + id;
        try (InputStream xml = Foundries.class.getResourceAsStream(
                "/org/verapdf/pdfa/validation/" + name + ".xml")) {
            return Profiles.profileFromXml(xml);
        }
    }

    static String complaints(ValidationResult result) {
        Set<String> found = new LinkedHashSet<>();
        for (TestAssertion assertion : result.getTestAssertions()) {
            if (assertion.getStatus() == TestAssertion.Status.FAILED) {
                RuleId rule = assertion.getRuleId();
                found.add(rule.getClause() + "-" + rule.getTestNumber() + ": "
                    + assertion.getMessage().replaceAll("\\s+", " "));
            }
        }
        return String.join(" | ", found);
    }
}
