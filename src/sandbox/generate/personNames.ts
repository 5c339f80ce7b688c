type Names = readonly [string, ...string[]];

function words(text: string): Names {
  const [first = "", ...rest] = text.trim().split(/\s+/);
  return [first, ...rest];
}

/** First and last names to make up people from, of many countries. */
export const personNames: { readonly given: Names; readonly family: Names } = {
  given: words(`
    Aaliyah Aiko Alejandra Amara Anders Anneke Anouk Ayşe Beatriz Björn Bogdan Camille Chidi Chloe Daan Daniela Darius Diego
    Ebba Efua Elif Emeka Esther Fatima Felix Fenna Giulia Goran Grace Hana Haruto Hassan Ida Ines Ingrid Ivan Jasmin Jiho
    Joaquin Kamala Kenji Kofi Lakshmi Layla Leila Linh Lucia Malik Marta Mateo Mei Miriam Mohammed Nadia Naveen Niamh Noa
    Olga Omar Oskar Priya Quynh Rafael Ravi Rosa Ruth Sanjay Santiago Sara Sione Sofia Soren Takumi Tariq Tomasz Tuấn Uma
    Valentina Viktor Wanjiru Wei Xavier Yara Yusuf Zainab Zoltan`),
  family: words(`
    Abdi Abe Adeyemi Ahmed Alvarez Andersen Banerjee Bauer Bianchi Boateng Castro Chen Cohen Costa Dang Diallo Dvořák Eze
    Fernandez Fischer Garcia Gupta Haddad Hansen Hoffmann Ibrahim Ito Ivanova Jansen Johansson Kamau Kaplan Khan Kim Kovač
    Kowalski Kumar Larsen Le Lindqvist Lopez Mahlangu Martinez Mbeki Mensah Meyer Moreau Murphy Nakamura Nguyen Novak Nowak
    Obi Okafor Oliveira Ortiz Osei Papadopoulos Park Patel Pereira Petrov Popescu Rahman Ramirez Reyes Rossi Sato Schmidt
    Silva Singh Smit Takahashi Tan Taufa Tran Turner Van-Dijk Vargas Virtanen Walker Weber Williams Wójcik Yıldız Zhang`),
};
